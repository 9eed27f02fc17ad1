import { ChoiceField } from '../widgets/choice-field.tsx';
import { NumberField } from '../widgets/number-field.tsx';
import { changeDraft, changeSettings, useDraft } from './draft.ts';
import { needsOf } from './draft-request.ts';
import { FieldGrid } from './field-grid.tsx';

/** How much text the model is shown. */
export function CalibrationSettings() {
  const draft = useDraft();
  const { samples, sequenceLength, openSamples, openSequenceLength, seed } = draft.settings;
  const { domain, open } = needsOf(draft);
  return (
    <FieldGrid title="How much text">
      <NumberField
        label="Domain samples"
        value={samples}
        min={1}
        isInteger
        disabled={!domain}
        explains="samples"
        onChange={(value) => value !== null && changeSettings({ samples: value })}
      />
      <NumberField
        label="Their length at most"
        unit="tokens"
        value={sequenceLength}
        min={2}
        isInteger
        disabled={!domain}
        explains="sequenceLength"
        onChange={(value) => value !== null && changeSettings({ sequenceLength: value })}
      />
      <NumberField
        label="General samples"
        value={openSamples}
        min={1}
        isInteger
        disabled={!open}
        explains="openText"
        onChange={(value) => value !== null && changeSettings({ openSamples: value })}
      />
      <NumberField
        label="Their length"
        unit="tokens"
        value={openSequenceLength}
        min={2}
        isInteger
        disabled={!open}
        explains="sequenceLength"
        onChange={(value) => value !== null && changeSettings({ openSequenceLength: value })}
      />
      <ChoiceField
        label="If a part has too few records"
        value={draft.onShortfall}
        disabled={!domain}
        choices={[
          ['proportion', 'Fewer, same mix'],
          ['available', 'Take what is there'],
          ['refuse', 'Refuse to run'],
        ]}
        explains="shortfall"
        onChange={(value) => changeDraft({ onShortfall: value })}
      />
      <NumberField
        label="Seed"
        value={seed}
        min={0}
        isInteger
        explains="seed"
        onChange={(value) => value !== null && changeSettings({ seed: value })}
      />
    </FieldGrid>
  );
}
