import type { Problem } from '../contract/problem.ts';

/** What the command line's options are called in the window. */
const fields: Readonly<Record<string, string>> = {
  '--window': '“Window”',
  '--stride': '“Stride”',
  '--samples': '“Domain samples”',
  '--open-samples': '“General samples”',
  '--sequence-length': '“Their length at most”',
  '--open-sequence-length': '“Their length” of the general samples',
  '--damping': '“Damping”',
  '--criterion': 'the criterion',
  '--method': 'the method',
  '--group': 'the comparison group',
  '--blocking': 'the blocking',
  '--block-size': 'the block size',
  '--pattern': 'the pattern',
  '--allocation': 'the allocation',
  '--sparsity': 'the sparsity',
  '--calibrate-on': '“Text for it”',
  '--compensate': 'compensation',
  '--backend': 'the backend',
  '--values': 'The points',
  '--max-new-tokens': 'new tokens',
  '--data': 'files for',
  '--open': 'files of general text:',
};

/** Advice that holds for the command line alone, in the window's terms. */
const fixes: Readonly<Record<string, string>> = {
  BACKEND_UNAVAILABLE: 'Go back to “Hardware” and see which backends work, or install the application again.',
  CALIBRATION_MISSING: 'Choose the files under “Data”, or a criterion that does without them.',
  CALIBRATION_PART_EMPTY:
    'Choose another file for this part under “Data”, or set its share of the mix to 0 %.',
  CALIBRATION_PART_MISSING: 'Choose files for this part under “Data”, or set its share of the mix to 0 %.',
  CALIBRATION_SHORT:
    'Add files under “Data”, ask for fewer samples, or let the mix be scaled down in proportion.',
  CALIBRATION_FIXED: 'Choose texts in place of token ids.',
  ITEM_TOO_LONG: 'Choose a longer window under “How to measure”, or shorten or remove this record.',
  OPEN_DOMAIN_MISSING: 'Choose files of general text under “Data”, or the criterion “Domain only”.',
  OUTPUT_EXISTS: 'Choose another output folder.',
  RUNS_TOO_FEW: 'Tick two runs or more.',
  RUN_DIFFERS: 'Start a new run with these settings.',
  RUN_EXISTS: 'Resume that run, or start a new one.',
  RUN_FOLDER_FOREIGN: 'Choose another data folder in the settings.',
  RUN_IN_USE: 'Wait until it has ended.',
  RUN_RECORD_INVALID: 'Start the run again; what it had computed cannot be used by this version.',
  RUN_UNFINISHED: 'Resume the run first.',
  SCORES_MISSING: 'Start another run with the method and criterion that you want.',
  OUTLIERS_MISSING: 'Choose the uniform allocation, or start another run.',
  SCRATCH_DAMAGED:
    'Check this disk, or choose a data folder on another one in the settings; then resume the run: finished layers are kept.',
  TOKENIZER_UNSUPPORTED: 'Choose a model with another tokenizer: this one cannot be computed here.',
  WORK_FOLDER_FOREIGN: 'Start the experiment again.',
  WORK_FOLDER_IN_USE: 'Wait until it has ended.',
};

/** What is told of a problem to somebody who sees the window and no command line. */
export function inWindowWords({ code, message, fix }: Problem): Problem {
  const isForCommandLine = /--[a-z]|`/.test(fix);
  return {
    code,
    message: withFields(message),
    fix: (isForCommandLine ? fixes[code] : undefined) ?? withFields(fix),
  };
}

const withFields = (text: string): string =>
  text
    .replace(/--[a-z][a-z-]*/g, (option) => fields[option] ?? option)
    .replaceAll('run the command again', 'start it again');
