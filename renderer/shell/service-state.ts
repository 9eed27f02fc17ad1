import { create } from 'zustand';
import type { ServiceState } from '../../src/contract/main-requests.ts';
import { native } from '../bridge/bridge.ts';

/** Whether the service answers; the main process says when that changes. */
export const useServiceState = create<ServiceState>(() => ({ state: 'starting', problem: null }));

/** For a page that was loaded after the service had started. */
export async function askServiceState(): Promise<void> {
  useServiceState.setState(await native('service.state', {}));
}
