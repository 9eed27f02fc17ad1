/** The same as in the application on a light ground. */
export const COLOURS = { general: '#1d5fa8', domain: '#b04a00', final: '#5b3fa0' } as const;
