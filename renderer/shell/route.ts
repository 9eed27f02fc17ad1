import { useSyncExternalStore } from 'react';
import type { SCREENS } from '../../src/contract/main-events.ts';

/** Where the menu's commands lead. */
export const screenPath: Record<(typeof SCREENS)[number], string> = {
  'new-run': '/new/model',
  history: '/runs',
  experiments: '/experiments',
  models: '/models',
  settings: '/settings',
  audit: '/audit',
  about: '/about',
};

/** The place in the application, kept in the address after `#`, so that Back and a reloaded window work. */
export function usePath(): string {
  return useSyncExternalStore(listen, currentPath);
}

export const currentPath = (): string => window.location.hash.slice(1) || '/';

export const goTo = (path: string): void => {
  window.location.hash = path;
};

/** For the `href` of a link. */
export const linkTo = (path: string): string => `#${path}`;

/** `/runs/12/results` → ['runs', '12', 'results']. */
export const pathParts = (path: string): string[] =>
  (path.split('?')[0] ?? '').split('/').filter((part) => part !== '');

/** What follows `?name=` in the path. */
export const pathQuery = (path: string, name: string): string | null =>
  new URLSearchParams(path.split('?')[1] ?? '').get(name);

function listen(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}
