import { z } from 'zod';
import { problem } from './problem.ts';

/** From the main process to the service. */
export const requestMessage = z.strictObject({
  kind: z.literal('request'),
  /** Chosen by the caller; the reply bears the same. */
  id: z.int(),
  name: z.string(),
  payload: z.unknown(),
});
export type RequestMessage = z.infer<typeof requestMessage>;

/** From the service: the reply to a request, or an event. */
export const serviceMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('reply'), id: z.int(), value: z.unknown() }),
  z.strictObject({ kind: z.literal('refusal'), id: z.int(), problem }),
  z.strictObject({ kind: z.literal('event'), name: z.string(), payload: z.unknown() }),
]);
export type ServiceMessage = z.infer<typeof serviceMessage>;
