import { describe, expect, it } from 'vitest';
import { currentBackend, openBackend } from '../../../src/engine/tensor/backend.ts';
import { refusal } from '../checkpoint/refusal.ts';
import { describeOnEachBackend, usableBackends } from '../each-backend.ts';

describe('openBackend', () => {
  it('takes the best that works, and says what became of those before it', async () => {
    const trials = await openBackend(null);
    expect(trials.at(-1)).toMatchObject({ name: usableBackends[0], usable: true });
    expect(trials.slice(0, -1).every(({ usable, reason }) => !usable && reason)).toBe(true);
    expect(currentBackend()).toBe(usableBackends[0]);
  });

  it('has cpu and wasm on every machine', () => {
    expect(usableBackends).toEqual(expect.arrayContaining(['wasm', 'cpu']));
  });

  it.skipIf(usableBackends.includes('tensorflow'))(
    'refuses one that does not load, with the reason',
    async () => {
      expect(await refusal(openBackend('tensorflow'))).toMatchObject({ code: 'BACKEND_UNAVAILABLE' });
    },
  );
});

describeOnEachBackend('a named backend', (name) => {
  it('is the one in use', async () => {
    expect(await openBackend(name)).toMatchObject([{ name, usable: true }]);
    expect(currentBackend()).toBe(name);
  });
});
