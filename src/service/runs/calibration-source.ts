import type { RunRequest } from '../../contract/run-request.ts';
import type { CalibrationSource } from '../../engine/run/calibration-source.ts';

/** @param presetFile where the request's preset was written */
export function calibrationSource(
  calibration: RunRequest['calibration'],
  presetFile: string,
): CalibrationSource {
  if (!calibration) return { kind: 'tokens', domainFile: null, openFile: null };
  const { preset, data, openFiles, onShortfall } = calibration;
  const given = preset.parts.map(({ name }): [string, string[]] => {
    const files = data[name] ?? [];
    return [name, files.length === 0 ? ['none'] : files];
  });
  return {
    kind: 'texts',
    preset: presetFile,
    data: new Map(given),
    openFiles: openFiles.length === 0 ? null : openFiles,
    onShortfall,
  };
}
