import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../../src/contract/error.ts';
import type { Progress } from '../../../src/contract/progress.ts';
import { type PruneSettings, pruneSettings } from '../../../src/contract/settings.ts';
import { compare } from '../../../src/engine/comparison/compare.ts';
import type { CompareReport, CompareRequest } from '../../../src/engine/comparison/comparison.ts';
import { evaluate } from '../../../src/engine/evaluation/evaluate.ts';
import { prune } from '../../../src/engine/prune-run.ts';
import { openBackend } from '../../../src/engine/tensor/backend.ts';
import { memory } from '../../../src/engine/tensor/ops.ts';
import { refusal } from '../checkpoint/refusal.ts';
import { temporaryFolder } from '../checkpoint/temporary-folder.ts';
import { TOY, toyRequests, writeToyTokens } from '../toy-run.ts';

const folder = temporaryFolder();
const pruneRequest = toyRequests(folder);
const tokens = writeToyTokens(folder);
const silent = () => {};

const METHODS: Record<string, Partial<PruneSettings>> = {
  magnitude: { method: 'magnitude' },
  wanda: { method: 'wanda' },
  'wanda by OWL on open text': { method: 'wanda', allocation: 'owl', calibrateOn: 'open' },
  'wanda by OWL': { method: 'wanda', allocation: 'owl' },
  sparsegpt: { method: 'sparsegpt' },
  'd-pruner': {},
  general: { criterion: 'general' },
  'domain, compensated': { criterion: 'domain', compensate: true },
  balanced: { criterion: 'balanced' },
  paper: { criterion: 'paper', rho: 1 },
  'by row': { group: 'row', mu: 0.7 },
};

const request = (name: string, changes: Partial<CompareRequest> = {}): CompareRequest => ({
  modelDir: TOY,
  workDir: join(folder, `${name}-work`),
  methods: variants(...Object.keys(METHODS)),
  sparsities: [0.5],
  settings: pruneSettings.parse({}),
  calibration: { kind: 'tokens', ...tokens },
  texts: [
    { name: 'domain', kind: 'tokens', file: tokens.domainFile },
    { name: 'open', kind: 'tokens', file: tokens.openFile },
  ],
  window: 16,
  stride: 8,
  maxTokens: null,
  backend: null,
  ...changes,
});

const variants = (...names: string[]) => names.map((name) => ({ name, settings: METHODS[name] }));

/** How often each stage began. */
function countStages() {
  const counts: Partial<Record<Progress['stage'], number>> = {};
  let last: Progress | null = null;
  const onProgress = (progress: Progress) => {
    const begins =
      last?.stage !== progress.stage || last.message !== progress.message || progress.done < last.done;
    if (begins) counts[progress.stage] = (counts[progress.stage] ?? 0) + 1;
    last = progress;
  };
  return { counts, onProgress };
}

const figures = ({ rows }: CompareReport) =>
  rows.map(({ method, settings, zeros, perplexities }) => ({ method, settings, zeros, perplexities }));

describe('a comparison', () => {
  it('measures what prune would write, on each text, the dense model first', async () => {
    await openBackend(null);
    const before = memory().numTensors;
    const wanted = request('all', { sparsities: [0.4] });
    const report = await compare(wanted, silent);
    expect(memory().numTensors).toBe(before);
    expect(report.rows).toHaveLength(1 + wanted.methods.length);
    const [dense, ...rows] = report.rows;
    expect(dense).toMatchObject({ method: 'dense', settings: null, zeros: 0, sparsity: 0 });
    for (const { method, settings, zeros, size, sparsity, perplexities } of rows) {
      if (!settings) throw new Error('a pruned row has settings');
      expect(settings).toMatchObject(METHODS[method]);
      const pruning = pruneRequest(`${method}-${settings.sparsity}`, settings);
      const { export: exported } = await prune(pruning, silent);
      expect({ zeros, size }, method).toEqual({ zeros: exported.zeros, size: exported.size });
      expect(sparsity).toBe(zeros / size);
      for (const { name, kind, file } of wanted.texts) {
        const { perplexity, meanNll, scoredTokens } = await evaluate(
          { ...wanted, modelDir: pruning.outDir, source: { kind, file } },
          silent,
        );
        expect(perplexities[name], `${method} on ${name}`).toMatchObject({
          ...{ perplexity, meanNll, scoredTokens },
          change: perplexity / dense.perplexities[name].perplexity - 1,
        });
      }
    }
  }, 120_000);

  it('makes the scores that methods can share once, for all sparsities', async () => {
    const { counts, onProgress } = countStages();
    const methods = variants('d-pruner', 'general', 'domain, compensated', 'by row', 'magnitude');
    const { rows } = await compare(request('shared', { methods, sparsities: [0.3, 0.5, 0.7] }), onProgress);
    expect(counts).toMatchObject({ general: 1, forward: 1, backward: 1 });
    expect(rows.map(({ sparsity }) => Number(sparsity.toFixed(1)))).toEqual([
      0,
      ...[0.3, 0.5, 0.7].flatMap((sparsity) => Array(5).fill(sparsity)),
    ]);
    const scored = rows.filter(({ settings }) => settings?.method === 'd-pruner');
    expect(new Set(scored.map(({ seconds }) => seconds.scoring.toFixed(2))).size).toBe(1);
    expect(rows.at(-1)?.seconds.scoring, 'magnitude has no scores').toBe(0);
  });

  it('makes other criteria’s scores on the way of the printed one', async () => {
    const passesOf = async (name: string, ...names: string[]) => {
      const { counts, onProgress } = countStages();
      await compare(request(name, { methods: variants(...names) }), onProgress);
      return { ...counts, evaluate: 0 };
    };
    const alone = await passesOf('printed', 'paper');
    expect(await passesOf('printed-and-more', 'd-pruner', 'general', 'paper')).toEqual(alone);
  });

  it('says what the rows depend on', async () => {
    const methods = variants('magnitude', 'wanda', 'd-pruner');
    const { rows, ...report } = await compare(request('facts', { methods }), silent);
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(report).toMatchObject({
      backend: expect.any(String),
      modelFingerprint: hash,
      domainTokens: { sha256: hash, samples: 5, tokens: 85 },
      openTokens: { sha256: hash },
      texts: [
        { name: 'domain', window: 16, stride: 8, maxTokens: null, sha256: hash },
        { name: 'open', window: 16, stride: 8, maxTokens: null, sha256: hash },
      ],
    });
    const [dense, magnitude, wanda, dPruner] = rows.map(({ mixTokens }) => mixTokens);
    expect([dense, magnitude, dPruner]).toEqual([null, null, null]);
    expect(wanda).toMatchObject({ sha256: hash });
  });

  it('by magnitude alone needs no calibration', async () => {
    const calibration = { kind: 'tokens', domainFile: null, openFile: null } as const;
    const report = await compare(
      request('uncalibrated', { methods: variants('magnitude'), calibration }),
      silent,
    );
    expect(report).toMatchObject({ domainTokens: null, openTokens: null });
    expect(report.rows[1].sparsity).toBeCloseTo(0.5, 3);
  });
});

describe('a second start in the same work folder', () => {
  const methods = variants('wanda', 'd-pruner', 'sparsegpt', 'domain, compensated');

  it.each([
    ['while scoring', 'backward', 1],
    ['while pruning', 'prune', 1],
    ['while measuring', 'evaluate', 1],
  ] as const)('goes on from where the first was stopped: %s', async (when, stage, done) => {
    const whole = await compare(request('whole', { methods }), silent);
    const controller = new AbortController();
    const stop = (progress: Progress) => {
      if (progress.stage !== stage || progress.done < done) return;
      if (stage !== 'evaluate' || progress.message?.startsWith('d-pruner')) controller.abort();
    };
    const wanted = request(`stopped ${when}`, { methods });
    expect(await refusal(compare(wanted, stop, controller.signal))).toBeInstanceOf(Interrupted);
    expect(existsSync(join(wanted.workDir, 'lock'))).toBe(false);
    expect(readdirSync(join(wanted.workDir, 'rows')).length).toBeGreaterThan(0);

    const { counts, onProgress } = countStages();
    const resumed = await compare(wanted, onProgress);
    expect(figures(resumed)).toEqual(figures(whole));
    if (stage === 'evaluate') expect(counts.backward, 'the scores are there').toBeUndefined();
  });

  it('computes nothing that is there, whatever it is called, and the rest', async () => {
    const wanted = request('more', { methods });
    const first = await compare(wanted, silent);
    const { counts, onProgress } = countStages();
    const renamed = [{ name: 'the default', settings: { mu: 0.5 } }, ...variants('sparsegpt', 'by row')];
    const second = await compare({ ...wanted, methods: renamed }, onProgress);
    expect(counts).toEqual({ evaluate: 2 }); // each text with the one new row, from scores that are there
    const row = (report: CompareReport, name: string) =>
      figures(report).find(({ method }) => method === name);
    expect(row(second, 'the default')).toEqual({ ...row(first, 'd-pruner'), method: 'the default' });
    expect(row(second, 'sparsegpt')).toEqual(row(first, 'sparsegpt'));
  });

  it.each<[string, Partial<CompareRequest>]>([
    ['another window', { window: 12 }],
    ['fewer tokens', { maxTokens: 40 }],
    ['other texts', { texts: [{ name: 'domain', kind: 'tokens', file: tokens.openFile }] }],
  ])('measures again for %s', async (_, changes) => {
    const wanted = request('again', { methods: variants('magnitude') });
    await compare(wanted, silent);
    const { counts, onProgress } = countStages();
    await compare({ ...wanted, ...changes }, onProgress);
    expect(counts.evaluate).toBeGreaterThan(0);
  });

  it('prunes again for other calibration', async () => {
    const wanted = request('recalibrated', { methods: variants('wanda', 'd-pruner') });
    await compare(wanted, silent);
    const { counts, onProgress } = countStages();
    const calibration = { kind: 'tokens' as const, ...writeToyTokens(folder, 2) };
    await compare({ ...wanted, calibration }, onProgress);
    expect(counts).toMatchObject({ general: 1, backward: 1, prune: 1 });
  });

  it('measures a row again whose file is damaged', async () => {
    const wanted = request('damaged', { methods: variants('magnitude') });
    const whole = await compare(wanted, silent);
    const rows = join(wanted.workDir, 'rows');
    for (const file of readdirSync(rows)) writeFileSync(join(rows, file), '{"method":');
    expect(figures(await compare(wanted, silent))).toEqual(figures(whole));
  });
});

describe('a comparison is refused', () => {
  it('in a folder with other files', async () => {
    const wanted = request('foreign');
    mkdirSync(wanted.workDir);
    writeFileSync(join(wanted.workDir, 'thesis.txt'), 'mine');
    expect(await refusal(compare(wanted, silent))).toMatchObject({
      code: 'WORK_FOLDER_FOREIGN',
      message: expect.stringContaining(wanted.workDir),
    });
    expect(readdirSync(wanted.workDir)).toEqual(['thesis.txt']);
  });

  it('while another process is at work in its folder', async () => {
    const wanted = request('locked', { methods: variants('magnitude') });
    await compare(wanted, silent);
    const other = spawn('sleep', ['60']);
    writeFileSync(join(wanted.workDir, 'lock'), String(other.pid));
    expect(await refusal(compare(wanted, silent))).toMatchObject({
      code: 'WORK_FOLDER_IN_USE',
      message: expect.stringContaining(String(other.pid)),
    });
    other.kill();
  });

  it.each<[string, Partial<CompareRequest>]>([
    ['SETTINGS_CONFLICT', { settings: pruneSettings.parse({ pattern: '2:4' }), sparsities: [0.5, 0.6] }],
    ['SETTINGS_CONFLICT', { methods: [{ name: 's', settings: { method: 'sparsegpt', group: 'matrix' } }] }],
    ['WINDOW_TOO_LONG', { window: 100_000 }],
    ['DATA_UNREADABLE', { texts: [{ name: 'none', kind: 'tokens', file: join(folder, 'none.jsonl') }] }],
    ['CALIBRATION_MISSING', { calibration: { kind: 'tokens', ...tokens, openFile: null } }],
  ])('before anything is computed: %s', async (code, changes) => {
    const { counts, onProgress } = countStages();
    expect(await refusal(compare(request(`refused-${code}`, changes), onProgress))).toMatchObject({ code });
    expect(counts).toEqual({});
  });
});
