export const APP_SCHEME = 'app';
export const APP_ORIGIN = `${APP_SCHEME}://dpruner`;
export const START_PAGE = `${APP_ORIGIN}/index.html`;
