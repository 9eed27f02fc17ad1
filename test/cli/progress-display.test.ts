import { describe, expect, it } from 'vitest';
import { ProgressDisplay } from '../../src/cli/progress-display.ts';
import type { Stage } from '../../src/contract/progress.ts';

/** A display whose clock and output a test holds. */
function recorded(terminal: { columns: number } | null) {
  const written: string[] = [];
  const clock = { ms: 1000 };
  const stream = { ...terminal, isTTY: terminal !== null, write: (text: string) => written.push(text) };
  const display = new ProgressDisplay(stream, () => clock.ms);
  const show = (afterMs: number, stage: Stage, done: number) => {
    clock.ms += afterMs;
    display.show({ stage, done, total: 9 });
  };
  return { display, written, show };
}

describe('progress on a terminal', () => {
  it('is one line, drawn anew ten times a second at most', () => {
    const { written, show } = recorded({ columns: 80 });
    show(0, 'forward', 0);
    show(50, 'forward', 1);
    show(50, 'forward', 2);
    expect(written).toEqual([
      '\r\u001b[2KDomain, forward: layer 1/9',
      '\r\u001b[2KDomain, forward: layer 3/9',
    ]);
  });

  it('never wraps, and is removed at the end', () => {
    const { display, written, show } = recorded({ columns: 12 });
    show(0, 'forward', 0);
    display.clear();
    display.clear();
    expect(written).toEqual(['\r\u001b[2KDomain, fo…', '\r\u001b[2K']);
  });
});

describe('progress on a terminal that does not say how wide it is', () => {
  it('takes it for 80 columns', () => {
    const { written, show } = recorded({ columns: 0 });
    show(0, 'forward', 0);
    expect(written).toEqual(['\r\u001b[2KDomain, forward: layer 1/9']);
  });
});

describe('progress in a log', () => {
  it('is a line when a stage begins and then one every five seconds', () => {
    const { display, written, show } = recorded(null);
    show(0, 'forward', 0);
    show(4999, 'forward', 1);
    show(1, 'forward', 2);
    show(1, 'backward', 0);
    display.clear();
    expect(written).toEqual([
      'Domain, forward: layer 1/9\n',
      'Domain, forward: layer 3/9\n',
      'Domain, backward: layer 1/9\n',
    ]);
  });
});
