import type { Preset } from '../../contract/preset.ts';

/** Where the calibration comes from. */
export type CalibrationSource =
  /** Token ids, used as they are, in order; no tokenizer is needed. */
  | { readonly kind: 'tokens'; readonly domainFile: string | null; readonly openFile: string | null }
  | {
      readonly kind: 'texts';
      /** Name of a preset that ships with the program, a preset file, or the preset itself. */
      readonly preset: string | Preset;
      /** Files for each part of the preset's mix. */
      readonly data: ReadonlyMap<string, string[]>;
      readonly openFiles: string[] | null;
      readonly onShortfall: 'proportion' | 'refuse' | 'available';
    };
