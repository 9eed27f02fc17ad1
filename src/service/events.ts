import type { EventName, EventOf } from '../contract/service-events.ts';

/** Says something to whoever has started the service. */
export type Emit = <Name extends EventName>(name: Name, payload: EventOf<Name>) => void;
