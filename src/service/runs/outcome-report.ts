import { z } from 'zod';
import type { ModelConfig } from '../../engine/checkpoint/config.ts';
import { linearsOf, linearWeight } from '../../engine/checkpoint/weight-names.ts';
import type { PruneReport } from '../../engine/prune-run.ts';
import { appVersion } from '../../engine/run/app-version.ts';
import type { RunOutcome } from '../../history/run-outcome.ts';

type Report = NonNullable<RunOutcome['report']>;

const dataFile = z.object({ path: z.string(), sha256: z.string(), records: z.int() });

/** What the engine says of a calibration with texts. */
const calibrationReport = z.looseObject({
  domain: z
    .looseObject({
      parts: z.array(
        z.looseObject({
          name: z.string(),
          title: z.string(),
          share: z.number(),
          wanted: z.int(),
          used: z.int(),
          available: z.int(),
          truncated: z.int(),
          duplicates: z.int(),
          tokens: z.int(),
          files: z.array(dataFile),
        }),
      ),
      notes: z.array(z.string()),
    })
    .nullable(),
  open: z
    .looseObject({
      wanted: z.int(),
      used: z.int(),
      tokens: z.int(),
      files: z.array(dataFile),
      notes: z.array(z.string()),
    })
    .nullable(),
});

export interface RunHashes {
  readonly modelFingerprint: string;
  readonly domainTokensSha256: string | null;
  readonly openTokensSha256: string | null;
}

/** What the history keeps of a pruning. */
export function outcomeReport(report: PruneReport, config: ModelConfig, hashes: RunHashes): Report {
  const { matrices, size, zeros, weightFiles } = report.export;
  return {
    matrices: [...Array(config.numHiddenLayers).keys()].flatMap((layer) =>
      linearsOf(config).flatMap((module) => {
        const matrix = matrices[linearWeight(config, layer, module)];
        return matrix ? [{ layer, module, size: matrix.size, kept: matrix.size - matrix.zeros }] : [];
      }),
    ),
    size,
    kept: size - zeros,
    calibration: calibrationOf(report.calibration, hashes),
    loss: report.loss,
    regularizer: report.regularizer,
    backend: report.backend.at(-1)?.name ?? '',
    stages: report.stages.map(({ stage, seconds, tokensPerSecond }) => ({
      stage,
      seconds,
      // Nothing was left to do in a stage that had finished before.
      tokensPerSecond: Number.isFinite(tokensPerSecond) ? tokensPerSecond : 0,
    })),
    peakMemoryBytes: report.peakMemoryBytes,
    notes: [...report.notes],
    modelFingerprint: hashes.modelFingerprint,
    weightFiles: Object.entries(weightFiles).map(([name, file]) => ({
      name,
      bytes: file.bytes,
      sourceSha256: file.sourceSha256,
      sha256: file.sha256,
    })),
    appVersion,
  };
}

function calibrationOf(calibration: unknown, hashes: RunHashes): Report['calibration'] {
  const parsed = calibrationReport.safeParse(calibration);
  if (!parsed.success) return null;
  const { domain, open } = parsed.data;
  return {
    parts: (domain?.parts ?? []).map(
      ({ name, title, share, wanted, used, available, truncated, duplicates, tokens, files }) => ({
        ...{ name, title, share, wanted, used, available, truncated, duplicates, tokens, files },
      }),
    ),
    open: open && { wanted: open.wanted, used: open.used, tokens: open.tokens, files: open.files },
    domainTokensSha256: hashes.domainTokensSha256,
    openTokensSha256: hashes.openTokensSha256,
    notes: [...(domain?.notes ?? []), ...(open?.notes ?? [])],
  };
}
