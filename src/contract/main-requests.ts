import { z } from 'zod';
import { problem } from './problem.ts';

const nothing = z.strictObject({});
const path = z.string().min(1);
const filters = z
  .array(z.strictObject({ name: z.string(), extensions: z.array(z.string().regex(/^[a-z0-9.]+$/)) }))
  .default([]);
const title = z.string().min(1).max(200);

export const serviceState = z.object({
  state: z.enum(['starting', 'ready', 'failed']),
  /** Why it failed; null otherwise. */
  problem: problem.nullable(),
});
export type ServiceState = z.infer<typeof serviceState>;

/** Everything that can be asked of the main process itself: what only a native application can do. */
export const mainRequests = {
  'dialog.chooseFolder': {
    request: z.strictObject({ title }),
    /** null: the person chose none. */
    reply: z.object({ path: path.nullable() }),
  },
  'dialog.chooseFiles': {
    request: z.strictObject({ title, filters, multiple: z.boolean().default(true) }),
    reply: z.object({ paths: z.array(path) }),
  },
  /** Asks where to write; the dialog itself warns of a file that is there already. */
  'dialog.chooseSaveFile': {
    request: z.strictObject({ title, defaultName: z.string().max(200), filters }),
    reply: z.object({ path: path.nullable() }),
  },
  /** Shows a file or folder in the platform's file manager. */
  'shell.showItem': { request: z.strictObject({ path }), reply: nothing },
  /** Prints the page of `reports.html` into a file that is not there yet. */
  'reports.pdf': { request: z.strictObject({ runId: z.int(), file: path }), reply: nothing },
  'app.versions': {
    request: nothing,
    reply: z.object({
      app: z.string(),
      electron: z.string(),
      chromium: z.string(),
      platform: z.string(),
      /** The licences of what is built in, as Markdown; empty where they were not bundled. */
      notices: z.string(),
    }),
  },
  /** Ends the service and starts it again, for instance after `settings.chooseDataFolder`. */
  'service.restart': { request: nothing, reply: nothing },
  /** As the event `service.state`, for a page that has just been loaded. */
  'service.state': { request: nothing, reply: serviceState },
} as const satisfies Record<string, { request: z.ZodType; reply: z.ZodType }>;

export type MainRequests = typeof mainRequests;
export type MainRequestName = keyof MainRequests;
export type MainRequestOf<Name extends MainRequestName> = z.input<MainRequests[Name]['request']>;
export type MainReplyOf<Name extends MainRequestName> = z.output<MainRequests[Name]['reply']>;

export const isMainRequestName = (name: string): name is MainRequestName => Object.hasOwn(mainRequests, name);
