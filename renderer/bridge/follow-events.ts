import type { QueryClient } from '@tanstack/react-query';
import type { MainEventName, MainEventOf } from '../../src/contract/main-events.ts';
import type { EventName, EventOf } from '../../src/contract/service-events.ts';
import type { RequestName } from '../../src/contract/service-requests.ts';
import { goTo, screenPath } from '../shell/route.ts';
import { useServiceState } from '../shell/service-state.ts';
import { subscribe } from './bridge.ts';
import { takeExperimentProgress, takeProgress } from './live-progress.ts';

type Handlers = { readonly [Name in EventName]?: (payload: EventOf<Name>) => void } & {
  readonly [Name in MainEventName]?: (payload: MainEventOf<Name>) => void;
};

/** Brings what the service and the main process say unasked to where it is shown. */
export function followEvents(client: QueryClient): void {
  const outdated = (...names: RequestName[]) => {
    for (const name of names) void client.invalidateQueries({ queryKey: [name] });
  };
  const handlers: Handlers = {
    'run.progress': takeProgress,
    'run.changed': () => outdated('runs.list', 'runs.get', 'results.get', 'app.info'),
    'run.removed': () => outdated('runs.list'),
    'experiment.progress': takeExperimentProgress,
    'experiment.changed': () => outdated('experiments.list', 'experiments.get', 'app.info'),
    'experiment.removed': () => outdated('experiments.list'),
    'export.changed': () => outdated('exports.list'),
    'settings.changed': (view) => client.setQueryData(['settings.get', {}], view),
    'service.state': (state) => {
      useServiceState.setState(state);
      if (state.state === 'ready') void client.invalidateQueries();
    },
    'menu.open': ({ screen }) => goTo(screenPath[screen]),
  };
  subscribe((name, payload) => {
    const handle = handlers[name as keyof Handlers] as ((payload: unknown) => void) | undefined;
    handle?.(payload);
  });
}
