import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../src/contract/run.ts';
import type { RunRequest } from '../../src/contract/run-request.ts';
import { runCli } from '../cli/run-cli.ts';
import { refusal } from '../engine/checkpoint/refusal.ts';
import { temporaryFolder } from '../engine/checkpoint/temporary-folder.ts';
import { quickest } from '../quickest.ts';
import { type ServiceProcess, services } from './service-process.ts';
import { hashesOf, pruneArguments, smallRun } from './small-run.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');
const started = services();
afterAll(started.killAll);

let service: ServiceProcess;
let request: RunRequest;
let run: RunSummary;
beforeAll(async () => {
  service = await started.start(data);
  request = smallRun(join(folder, 'pruned'));
  const { id } = await service.request('runs.start', request);
  run = await service.untilStatus(id, 'finished', 'failed', 'interrupted');
});
const runId = () => ({ runId: run.id });

it('answers beside the original what it is asked, as the command line does, and keeps nothing of it', async () => {
  const prompt = 'Permission is hereby granted, quizzaciously';
  const { dense, pruned } = await service.request('results.answers', { ...runId(), prompt, maxNewTokens: 8 });
  for (const [answer, model] of [
    [dense, request.modelDir],
    [pruned, request.outDir],
  ] as const) {
    const { stdout } = await runCli([
      ...['generate', '--model', model, '--prompt', prompt, '--max-new-tokens', '8', '--json'],
    ]);
    expect(answer.text).toBe(JSON.parse(stdout).text);
    expect(answer.newTokens).toBeGreaterThan(0);
  }
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const traces = files.filter((one) =>
    readFileSync(join(one.parentPath, one.name)).includes('quizzaciously'),
  );
  expect(traces).toEqual([]);
});

describe('a run', () => {
  it('is queued, at work and finished, with progress in between and its figures at the end', () => {
    expect(run).toMatchObject({
      status: 'finished',
      problem: null,
      modelName: 'Demo model',
      domain: 'Demo: legal',
    });
    expect(run.domainPerplexity?.pruned).toBeGreaterThan(run.domainPerplexity?.dense ?? Infinity);
    const steps = service.all('run.progress').map(({ step, stage }) => `${step} ${stage}`);
    expect([...new Set(steps)]).toEqual([
      'measure-dense evaluate',
      ...['general', 'open-backward', 'backward', 'export', 'verify'].map((stage) => `prune ${stage}`),
      'measure-pruned evaluate',
    ]);
    for (const { memoryBytes, peakMemoryBytes, done, total, remainingMs } of service.all('run.progress')) {
      expect(memoryBytes).toBeGreaterThan(50e6);
      expect(peakMemoryBytes).toBeGreaterThanOrEqual(memoryBytes * 0.99);
      expect(done).toBeLessThanOrEqual(total);
      if (remainingMs) expect(remainingMs.low).toBeLessThanOrEqual(remainingMs.high);
    }
    const wholes = service.all('run.progress').flatMap(({ wholeRemainingMs }) => wholeRemainingMs ?? []);
    expect(wholes.length).toBeGreaterThan(3);
    for (const { low, high } of wholes) expect(low).toBeLessThanOrEqual(high);
  });

  it('says of each text how sure the change of its perplexity is', async () => {
    const { texts } = await service.request('results.get', { runId: run.id });
    for (const { dense, pruned } of texts) {
      const { value, low, high } = pruned?.change ?? { value: Number.NaN, low: 0, high: 0 };
      expect(value).toBeCloseTo((pruned?.perplexity ?? 0) / dense.perplexity - 1, 9);
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    }
  });

  it('ends in the same bytes as the command line’s with the same settings', async () => {
    const outDir = join(folder, 'by-command');
    const { exitCode, stderr } = await runCli(
      pruneArguments({ ...request, outDir }, join(folder, 'by-command-run')),
    );
    expect(exitCode, stderr).toBe(0);
    expect(hashesOf(request.outDir)).toEqual(hashesOf(outDir));
    expect(hashesOf(join(data, `runs/${run.id}/engine/scores`))).toEqual(
      hashesOf(join(folder, 'by-command-run/scores')),
    );
  });

  it('leaves no scratch and no temporary files', () => {
    expect(readdirSync(join(data, `runs/${run.id}`)).sort()).toEqual([
      'distributions.json',
      'engine',
      'preset.json',
    ]);
    expect(readdirSync(join(data, `runs/${run.id}/engine`)).sort()).toEqual(['run.json', 'scores']);
  });

  it('is in the audit trail with its data by hash', async () => {
    const { entries } = await service.request('audit.list', { text: `run ${run.id}` });
    expect(entries.map(({ action }) => action)).toEqual(['run.finished', 'run.started', 'run.queued']);
    const text = JSON.stringify(entries[1]?.details);
    for (const file of ['legal-calibration.jsonl', 'general-calibration.jsonl', 'legal-test.txt']) {
      expect(text).toMatch(new RegExp(`${file}","sha256":"[0-9a-f]{64}"`));
    }
    expect(await service.request('audit.verify', {})).toMatchObject({ isIntact: true });
  });

  it('is refused where the output is there already, and where a request is no request', async () => {
    expect(await refusal(service.request('runs.start', request))).toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(await refusal(service.ask('runs.start', { ...request, settings: { sparsity: 2 } }))).toMatchObject(
      {
        code: 'BAD_REQUEST',
        message: expect.stringContaining('settings.sparsity'),
      },
    );
    expect(await refusal(service.ask('runs.everything', {}))).toMatchObject({ code: 'BAD_REQUEST' });
    expect(await refusal(service.request('runs.get', { runId: 999 }))).toMatchObject({ code: 'RUN_UNKNOWN' });
  });
});

describe('results', () => {
  it('give perplexities with all that they depend on, and what was kept', async () => {
    const result = await service.request('results.get', runId());
    expect(
      result.texts.map(({ name, window, dense, pruned }) => [
        name,
        window,
        dense.scoredTokens,
        pruned?.scoredTokens,
      ]),
    ).toEqual([
      ['Legal', 256, 996, 996],
      ['General', 256, 996, 996],
    ]);
    expect(result).toMatchObject({ hasScores: true, hasBothImportances: true, kept: result.size / 2 });
    expect(result.matrices).toHaveLength(4 * 7);
    expect(result.weightFiles[0]?.sha256).toBe(hashesOf(request.outDir)['model.safetensors']);
    expect(result.calibration?.parts[0]).toMatchObject({ name: 'licenses', used: 24 });
  });

  it('give the distribution of each importance', async () => {
    const { matrices } = await service.request('results.distributions', runId());
    const { general, domain, final } = matrices[0] ?? {};
    expect(final).toBe(null);
    for (const one of [general, domain]) {
      expect((one?.dead ?? 0) + (one?.counts ?? []).reduce((a, b) => a + b, 0)).toBe(192 * 192);
      const quantiles = one?.quantiles ?? [];
      expect([...quantiles].sort((a, b) => a - b)).toEqual(quantiles);
    }
    const histogram = await service.request('results.histogram', {
      ...runId(),
      layer: 3,
      module: 'downProj',
    });
    expect(histogram.counts.reduce((a, b) => a + b, 0)).toBe(512 * 192);
  });

  it('predict another sparsity and μ within 100 ms', async () => {
    const ask = (sparsity: number, mu: number) =>
      service.request('results.predict', { ...runId(), sparsity, mu });
    const half = await ask(0.5, 0.5);
    expect(await quickest(() => ask(0.5, 0.5))).toBeLessThan(100);
    expect(half.kept).toBe(half.size / 2);
    const sparser = await ask(0.7, 0.5);
    const [general, domain] = [await ask(0.5, 0), await ask(0.5, 1)];
    expect(sparser.keptDomain ?? 1).toBeLessThan(half.keptDomain ?? 0);
    expect(general.keptGeneral ?? 0).toBeGreaterThan(domain.keptGeneral ?? 1);
    expect(domain.keptDomain ?? 0).toBeGreaterThan(general.keptDomain ?? 1);
  });

  it('compare the masks of two runs, and of a run with itself', async () => {
    const other = await service.request(
      'runs.start',
      smallRun(join(folder, 'general'), {
        name: 'General',
        settings: { ...request.settings, mu: 0 },
        evaluation: { texts: [] },
      }),
    );
    await service.untilStatus(other.id, 'finished');
    const { pairs, runs } = await service.request('results.similarity', { runIds: [run.id, other.id] });
    expect(runs.map(({ name }) => name)).toEqual(['Small', 'General']);
    expect(pairs).toHaveLength(1);
    expect(pairs[0]?.overall.shared).toBeGreaterThan(0.25);
    expect(pairs[0]?.overall.shared).toBeLessThan(0.5);
    expect(pairs[0]?.matrices).toHaveLength(28);
    const shared = pairs[0]?.overall.shared ?? 0;
    expect(pairs[0]?.overall.jaccard).toBeCloseTo(shared / (1 - shared), 6);
  });
});

describe('an export', () => {
  it('makes another model of the scores in seconds, verified, and measures it', async () => {
    const outDir = join(folder, 'sparser');
    const { id } = await service.request('exports.start', {
      ...runId(),
      outDir,
      changes: { sparsity: 0.7 },
      measure: true,
    });
    await service.until(() =>
      service.all('export.changed').some((e) => e.id === id && e.status !== 'running'),
    );
    const [made] = await service.request('exports.list', runId());
    expect(made).toMatchObject({ status: 'finished', sparsity: 0.7, problem: null });
    expect((made?.zeros ?? 0) / (made?.size ?? 1)).toBeCloseTo(0.7, 4);
    expect(made?.texts[0]?.pruned?.perplexity).toBeGreaterThan(run.domainPerplexity?.pruned ?? Infinity);
    const byCommand = join(folder, 'sparser-by-command');
    const engineRun = join(data, `runs/${run.id}/engine`);
    await runCli(['remask', '--run', engineRun, '--out', byCommand, '--sparsity', '0.7', '--json']);
    expect(hashesOf(outDir)).toEqual(hashesOf(byCommand));
    expect(
      await refusal(service.request('exports.start', { ...runId(), outDir, changes: {} })),
    ).toMatchObject({ code: 'OUTPUT_EXISTS' });
  });
});

describe('a report', () => {
  it('is one page without script or address, with settings, hashes, figures and plots', async () => {
    await service.request('runs.rename', { ...runId(), name: 'Ward <script>alert(1)</script> & Co' });
    const { html } = await service.request('reports.html', runId());
    expect(html).toContain('<title>Ward &lt;script&gt;alert(1)&lt;/script&gt; &amp; Co');
    expect(html).not.toMatch(/<script|https?:|<link|<img|src=/);
    expect(html.match(/<svg/g)).toHaveLength(3);
    for (const found of [
      'openSequenceLength',
      'legal-calibration.jsonl',
      hashesOf(request.outDir)['model.safetensors'] ?? '?',
    ]) {
      expect(html).toContain(found);
    }
    const file = join(folder, 'report.html');
    await service.request('reports.save', { ...runId(), file });
    expect(readFileSync(file, 'utf8')).toBe(html);
    expect(await refusal(service.request('reports.save', { ...runId(), file }))).toMatchObject({
      code: 'FILE_EXISTS',
    });
  });
});

describe('running it again', () => {
  it('from the record gives the same bytes; changed data is refused', async () => {
    const outDir = join(folder, 'again');
    const again = await service.request('runs.again', { ...runId(), outDir });
    await service.untilStatus(again.id, 'finished');
    expect(hashesOf(outDir)).toEqual(hashesOf(request.outDir));
    expect(await service.request('runs.get', { runId: again.id })).toMatchObject({ repeats: run.id });

    const text = join(folder, 'own.txt');
    writeFileSync(text, 'A text of our own, to be measured.\n\nAnd another one.\n');
    const own = smallRun(join(folder, 'own'), {
      settings: { method: 'magnitude' },
      calibration: null,
      evaluation: { texts: [{ name: 'Own', role: 'domain', file: text }] },
    });
    const { id } = await service.request('runs.start', own);
    await service.untilStatus(id, 'finished');
    writeFileSync(text, 'Somebody has changed it since.\n');
    expect(
      await refusal(service.request('runs.again', { runId: id, outDir: join(folder, 'own-again') })),
    ).toMatchObject({ code: 'DATA_CHANGED', message: expect.stringContaining(text) });
    expect(
      await refusal(service.request('results.predict', { runId: id, sparsity: 0.5, mu: 0.5 })),
    ).toMatchObject({
      code: 'SCORES_MISSING',
    });
  });
});

describe('deleting a run', () => {
  it('takes its files and its row; what others have put beside the model stays', async () => {
    const outDir = join(folder, 'doomed');
    const { id } = await service.request('runs.start', smallRun(outDir, { evaluation: { texts: [] } }));
    await service.untilStatus(id, 'finished');
    writeFileSync(join(outDir, 'notes.txt'), 'mine');
    mkdirSync(join(outDir, 'more'));
    const { freedBytes } = await service.request('runs.remove', { runId: id, withOutput: true });
    expect(freedBytes).toBeGreaterThan(8e6);
    expect(existsSync(join(data, `runs/${id}`))).toBe(false);
    expect(readdirSync(outDir).sort()).toEqual(['more', 'notes.txt']);
    expect(service.last('run.removed')).toEqual({ runId: id });
    expect(await refusal(service.request('runs.get', { runId: id }))).toMatchObject({ code: 'RUN_UNKNOWN' });
  });

  it('leaves the pruned model unless it is asked for', async () => {
    const outDir = join(folder, 'kept');
    const { id } = await service.request('runs.start', smallRun(outDir, { evaluation: { texts: [] } }));
    await service.untilStatus(id, 'finished');
    await service.request('runs.remove', { runId: id, withOutput: false });
    expect(readdirSync(outDir)).toContain('model.safetensors');
  });
});
