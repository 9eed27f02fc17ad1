import { z } from 'zod';
import { serviceState } from './main-requests.ts';

/** Where a menu command leads. */
export const SCREENS = ['new-run', 'history', 'experiments', 'models', 'settings', 'audit', 'about'] as const;

/** What the main process says unasked, beside the service's events, which it passes on. */
export const mainEvents = {
  /** The service has died, is being started again, or is back. */
  'service.state': serviceState,
  'menu.open': z.object({ screen: z.enum(SCREENS) }),
} as const satisfies Record<string, z.ZodType>;

export type MainEvents = typeof mainEvents;
export type MainEventName = keyof MainEvents;
export type MainEventOf<Name extends MainEventName> = z.output<MainEvents[Name]>;
