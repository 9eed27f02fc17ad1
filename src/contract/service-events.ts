import { z } from 'zod';
import { settingsView } from './app-settings.ts';
import { experimentSummary } from './known-experiment.ts';
import { modelExport } from './model-export.ts';
import { problem } from './problem.ts';
import { runSummary } from './run.ts';
import { experimentProgress, runProgress } from './run-progress.ts';

/** Everything that the service says unasked. */
export const serviceEvents = {
  /** The first message of all: from now on requests are answered. */
  'service.ready': z.object({ version: z.string() }),
  /** The service cannot start or go on, and ends. */
  'service.failed': problem,
  /** At most four a second and run. */
  'run.progress': runProgress,
  /** A new run, or one whose status, name or figures have changed. */
  'run.changed': runSummary,
  'run.removed': z.object({ runId: z.int() }),
  'experiment.progress': experimentProgress,
  'experiment.changed': experimentSummary,
  'experiment.removed': z.object({ experimentId: z.int() }),
  'export.changed': modelExport,
  /** How many runs and experiments are at work and waiting; for keeping the computer awake. */
  'activity.changed': z.object({ running: z.int(), queued: z.int() }),
  'settings.changed': settingsView,
} as const satisfies Record<string, z.ZodType>;

export type ServiceEvents = typeof serviceEvents;
export type EventName = keyof ServiceEvents;
export type EventOf<Name extends EventName> = z.output<ServiceEvents[Name]>;

export const isEventName = (name: string): name is EventName => Object.hasOwn(serviceEvents, name);
