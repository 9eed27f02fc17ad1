import { z } from 'zod';
import { appSettings, settingsView } from './app-settings.ts';
import { auditPage, auditVerdict } from './audit.ts';
import { dataInspection, dataPreview, dataQuestion } from './data-inspection.ts';
import { experimentReport } from './experiment.ts';
import { experimentRequest } from './experiment-request.ts';
import { hardwareQuestion, hardwareReport } from './hardware.ts';
import {
  importanceDistributions,
  jointHistogramReply,
  maskSimilarity,
  prediction,
  predictionQuestion,
} from './importance.ts';
import { experimentDetail, experimentPage, experimentSummary } from './known-experiment.ts';
import { knownModel, modelInspection } from './model.ts';
import { exportRequest, modelExport } from './model-export.ts';
import { policyView } from './policy.ts';
import { preset, presetEntry } from './preset.ts';
import { moduleName, runResult } from './result.ts';
import { runDetail, runPage, runQuery, runSummary } from './run.ts';
import { experimentProgress, runProgress } from './run-progress.ts';
import { runRequest } from './run-request.ts';
import { answersQuestion, sampleAnswers } from './sample-answers.ts';
import { taskEntry } from './task.ts';
import { usedDataset } from './used-dataset.ts';

const nothing = z.strictObject({});
const path = z.string().min(1);
const byRun = z.strictObject({ runId: z.int() });
const byExperiment = z.strictObject({ experimentId: z.int() });

/** Everything that can be asked of the service. src/contract/README.md says how. */
export const serviceRequests = {
  'app.info': {
    request: nothing,
    reply: z.object({
      version: z.string(),
      node: z.string(),
      dataFolder: z.string(),
      logFolder: z.string(),
      databaseFile: z.string(),
      /** Runs at work and waiting: while there are any the computer is to be kept awake (`settings.keepAwake`). */
      running: z.int(),
      queued: z.int(),
      /** The same of experiments. */
      experiments: z.object({ running: z.int(), queued: z.int() }),
      /** Runs that were found at work when the service started, left by a crash or a power loss. */
      interrupted: z.array(runSummary),
    }),
  },

  // 1. Model
  'models.inspect': { request: z.strictObject({ dir: path }), reply: modelInspection },
  /** The demo model first, then by the time of adding, newest first. */
  'models.list': { request: nothing, reply: z.array(knownModel) },
  /** Refused where the inspection finds problems. A folder that is known already is inspected anew. */
  'models.add': {
    request: z.strictObject({ dir: path, name: z.string().min(1).max(200).nullable().default(null) }),
    reply: knownModel,
  },
  /** Forgets it; its files stay. */
  'models.remove': { request: z.strictObject({ id: z.string() }), reply: nothing },

  // 2. Domain
  /** Those that come with the program, then the person's own. */
  'presets.list': { request: nothing, reply: z.array(presetEntry) },
  /** A new one, or in place of the custom one `id`. */
  'presets.save': {
    request: z.strictObject({ id: z.string().nullable().default(null), preset }),
    reply: presetEntry,
  },
  'presets.remove': { request: z.strictObject({ id: z.string() }), reply: nothing },
  'presets.import': { request: z.strictObject({ file: path }), reply: presetEntry },
  /** Refused where the file is there already. */
  'presets.export': { request: z.strictObject({ id: z.string(), file: path }), reply: nothing },

  // 3. Data
  /** Takes seconds for large files. */
  'data.inspect': { request: dataQuestion, reply: dataInspection },
  /** Unmasked only with `reveal`, which goes into the audit trail (the file, not its text). */
  'data.preview': {
    request: z.strictObject({
      file: path,
      /** As in `data.inspect`. */
      part: dataQuestion.shape.part,
      count: z.int().min(1).max(20).default(3),
      reveal: z.boolean().default(false),
    }),
    reply: dataPreview,
  },

  /** Files that runs of the history have read; those that were used last come first. */
  'data.used': { request: nothing, reply: z.array(usedDataset) },

  /** Tasks that come with the program, for `evaluation.tasks` of a run. */
  'tasks.list': { request: nothing, reply: z.array(taskEntry) },

  // 4. Hardware
  /** Takes seconds: backends are loaded, tested and measured. */
  'hardware.check': { request: hardwareQuestion, reply: hardwareReport },

  // 5. and 8. Runs
  'runs.start': { request: runRequest, reply: runSummary },
  /** What the demo runs; start it as it is or changed. Its outDir is a folder that is free now. */
  'runs.demoRequest': { request: nothing, reply: runRequest },
  'runs.list': { request: runQuery, reply: runPage },
  'runs.get': { request: byRun, reply: runDetail },
  /** The latest progress of the run at work; null where it is not. */
  'runs.progress': { request: byRun, reply: runProgress.nullable() },
  /** Stops after the layer at work (measuring begins anew when resumed). A queued run is held back. */
  'runs.pause': { request: byRun, reply: runSummary },
  /** Puts a paused, interrupted or failed run back into the queue. */
  'runs.resume': { request: byRun, reply: runSummary },
  /** Gives a run up; its scores and scratch are removed. */
  'runs.cancel': { request: byRun, reply: runSummary },
  'runs.rename': {
    request: z.strictObject({ runId: z.int(), name: z.string().min(1).max(200) }),
    reply: runSummary,
  },
  /**
   * Deletes the run's scores, scratch and records, also from the database's backups; with `withOutput` the pruned
   * model too, if it is still the one that the run wrote.
   */
  'runs.remove': {
    request: z.strictObject({ runId: z.int(), withOutput: z.boolean() }),
    reply: z.object({ freedBytes: z.int() }),
  },
  /** The same again from the record, into another folder. Refused where model or data have changed since. */
  'runs.again': { request: z.strictObject({ runId: z.int(), outDir: path }), reply: runSummary },

  // 6. Results
  'results.get': { request: byRun, reply: runResult },
  'results.distributions': { request: byRun, reply: importanceDistributions },
  'results.histogram': {
    request: z.strictObject({ runId: z.int(), layer: z.int().min(0), module: moduleName }),
    reply: jointHistogramReply,
  },
  /** Within 100 ms: for the sliders. */
  'results.predict': { request: predictionQuestion, reply: prediction },
  /** Between runs over the same model. Takes seconds. */
  'results.similarity': {
    request: z.strictObject({ runIds: z.array(z.int()).min(2).max(8) }),
    reply: maskSimilarity,
  },

  /** By the original and the pruned model. Takes seconds, for a large model minutes. */
  'results.answers': { request: answersQuestion, reply: sampleAnswers },

  // Experiments
  /** Waits until no run is at work or in the queue. */
  'experiments.start': { request: experimentRequest, reply: experimentSummary },
  /** Newest first. */
  'experiments.list': {
    request: z.strictObject({
      offset: z.int().min(0).default(0),
      limit: z.int().min(1).max(500).default(50),
    }),
    reply: experimentPage,
  },
  'experiments.get': { request: byExperiment, reply: experimentDetail },
  /** The latest progress of the experiment at work; null where it is not. */
  'experiments.progress': { request: byExperiment, reply: experimentProgress.nullable() },
  /** Stops after the layer at work; finished points and layers stay. */
  'experiments.pause': { request: byExperiment, reply: experimentSummary },
  'experiments.resume': { request: byExperiment, reply: experimentSummary },
  /** Gives it up; its finished points and scores are removed. */
  'experiments.cancel': { request: byExperiment, reply: experimentSummary },
  /** Deletes its report, working files and records, also from the database's backups. */
  'experiments.remove': { request: byExperiment, reply: z.object({ freedBytes: z.int() }) },
  /** What a finished one has found. */
  'experiments.report': { request: byExperiment, reply: experimentReport },
  /** Writes the same to a file that is not there yet: as a page where it is called .html, else as JSON. */
  'experiments.save': {
    request: z.strictObject({ experimentId: z.int(), file: path }),
    reply: nothing,
  },
  /** What `dpruner experiment` or `experiments.save` has written. */
  'experiments.open': { request: z.strictObject({ file: path }), reply: experimentReport },

  // 7. Export
  /** Begins at once, beside a run; `export.changed` tells how it goes. */
  'exports.start': { request: exportRequest, reply: modelExport },
  'exports.list': { request: byRun, reply: z.array(modelExport) },
  'exports.cancel': { request: z.strictObject({ exportId: z.int() }), reply: modelExport },
  /** A page that needs no other file. The main process prints the PDF from it. */
  'reports.html': { request: byRun, reply: z.object({ html: z.string() }) },
  /** Writes the same page to a file that is not there yet. */
  'reports.save': { request: z.strictObject({ runId: z.int(), file: path }), reply: nothing },

  // Audit trail, settings, policy
  'audit.list': {
    request: z.strictObject({
      /** Words in action, subject or who. */
      text: z.string().max(200).default(''),
      offset: z.int().min(0).default(0),
      limit: z.int().min(1).max(500).default(100),
    }),
    reply: auditPage,
  },
  /** JSON lines; refused where the file is there already. */
  'audit.export': { request: z.strictObject({ file: path }), reply: auditVerdict },
  /** The trail in the database, or an exported file. */
  'audit.verify': { request: z.strictObject({ file: path.nullable().default(null) }), reply: auditVerdict },
  'settings.get': { request: nothing, reply: settingsView },
  /** Refused for what the policy locks. */
  'settings.change': { request: appSettings.partial(), reply: settingsView },
  /**
   * From the next start on; the present folder and what is in it stay as they are. Takes an empty folder, or one that was a
   * data folder before. Main restarts the service afterwards.
   */
  'settings.chooseDataFolder': { request: z.strictObject({ folder: path }), reply: nothing },
  'policy.get': { request: nothing, reply: policyView },

  /** Pauses what is at work, closes the database and ends the process. For the main process alone. */
  'service.stop': { request: nothing, reply: nothing },
} as const satisfies Record<string, { request: z.ZodType; reply: z.ZodType }>;

export type ServiceRequests = typeof serviceRequests;
export type RequestName = keyof ServiceRequests;
/** What a caller gives: fields with a default may be left out. */
export type RequestOf<Name extends RequestName> = z.input<ServiceRequests[Name]['request']>;
/** What the service works with, defaults filled in. */
export type ParsedRequestOf<Name extends RequestName> = z.output<ServiceRequests[Name]['request']>;
export type ReplyOf<Name extends RequestName> = z.output<ServiceRequests[Name]['reply']>;

export const isRequestName = (name: string): name is RequestName => Object.hasOwn(serviceRequests, name);
