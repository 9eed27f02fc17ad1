import { powerSaveBlocker } from 'electron';
import type { ServiceProcess } from './service-process.ts';

/** Keeps the computer awake (not its screen) while a run is at work, unless the person has switched that off. */
export class PowerSaver {
  #running = 0;
  #isWanted = true;
  #blocker: number | null = null;

  constructor(service: ServiceProcess) {
    service.on('activity.changed', ({ running }) => this.#update({ running }));
    service.on('settings.changed', ({ settings }) => this.#update({ isWanted: settings.keepAwake }));
    service.on('service.ready', () => void this.#ask(service).catch(() => {}));
    service.listen((name) => {
      // A service that has died runs nothing.
      if (name === 'service.state' && service.state.state !== 'ready') this.#update({ running: 0 });
    });
  }

  async #ask(service: ServiceProcess): Promise<void> {
    const { settings } = await service.ask('settings.get', {});
    const { running } = await service.ask('app.info', {});
    this.#update({ running, isWanted: settings.keepAwake });
  }

  #update({ running = this.#running, isWanted = this.#isWanted }): void {
    this.#running = running;
    this.#isWanted = isWanted;
    const isNeeded = running > 0 && isWanted;
    if (isNeeded && this.#blocker === null) {
      this.#blocker = powerSaveBlocker.start('prevent-app-suspension');
    } else if (!isNeeded && this.#blocker !== null) {
      powerSaveBlocker.stop(this.#blocker);
      this.#blocker = null;
    }
  }
}
