import { inject } from 'vitest';

/** What the application runs on in these tests; found or made once, before the first of them. */
export type Desktop =
  | {
      readonly isAvailable: true;
      readonly folder: string;
      readonly executable: string;
      readonly electronVersion: string;
      /** Of the virtual display; empty where the system has one of its own. */
      readonly display: string;
    }
  | { readonly isAvailable: false; readonly reason: string };

/** For `describe.skipIf(!hasDesktop)`: without an Electron or a display there is nothing to test. */
export const hasDesktop = inject('desktop').isAvailable;

export function requireDesktop(): Extract<Desktop, { isAvailable: true }> {
  const desktop = inject('desktop');
  if (!desktop.isAvailable) throw new Error(desktop.reason);
  return desktop;
}
