import { countsOutliers, goesLayerByLayer, updateOf } from '../../src/contract/settings.ts';
import { criterionTitle, methodTitle } from '../../src/contract/titles.ts';
import { ChoiceField } from '../widgets/choice-field.tsx';
import { NumberField } from '../widgets/number-field.tsx';
import { SwitchField } from '../widgets/switch-field.tsx';
import { changeSettings, useDraft } from './draft.ts';
import { FieldGrid } from './field-grid.tsx';
import { PaperSettings } from './paper-settings.tsx';

const methods = ['d-pruner', 'wanda', 'sparsegpt', 'magnitude'] as const;
const methodNotes = {
  'd-pruner': 'The published method’s idea, improved.',
  wanda: 'Weight times size of its input.',
  sparsegpt: 'With an update of the weights that stay.',
  magnitude: 'Needs no texts, and costs far more ability.',
} as const satisfies Record<(typeof methods)[number], string>;

/** The formula that decides which weights go. */
export function CriterionSettings() {
  const settings = useDraft((draft) => draft.settings);
  const { method, criterion, damping, compensate, update, calibrateOn } = settings;
  const isDPruner = method === 'd-pruner';
  const usesMix = goesLayerByLayer(settings) || countsOutliers(settings);
  return (
    <FieldGrid title="What decides">
      <ChoiceField
        label="Method"
        value={method}
        choices={methods.map((value) => [value, methodTitle(value)])}
        note={methodNotes[method]}
        explains="method"
        onChange={(value) => changeSettings({ method: value })}
      />
      <ChoiceField
        label="Criterion"
        value={criterion}
        disabled={!isDPruner}
        choices={(['dual', 'balanced', 'paper', 'general', 'domain'] as const).map((value) => [
          value,
          criterionTitle(value),
        ])}
        explains="criterion"
        onChange={(value) => changeSettings({ criterion: value })}
      />
      {isDPruner && criterion === 'paper' && <PaperSettings />}
      <SwitchField
        label="Compensation"
        isOn={updateOf(settings) !== null}
        disabled={method === 'sparsegpt'}
        explains="compensation"
        onChange={(isOn) => changeSettings({ compensate: isOn })}
      />
      {compensate && method !== 'sparsegpt' && (
        <ChoiceField
          label="Update"
          value={update}
          choices={[
            ['exact', 'Exact: least error'],
            ['sweep', 'Sweep, as SparseGPT'],
          ]}
          explains="update"
          onChange={(value) => changeSettings({ update: value })}
        />
      )}
      {usesMix && (
        <ChoiceField
          label="Text for it"
          value={calibrateOn}
          choices={[
            ['mix', 'Half of each'],
            ['both', 'All of both'],
            ['domain', 'Domain only'],
            ['open', 'General only'],
          ]}
          explains="calibrateOn"
          onChange={(value) => changeSettings({ calibrateOn: value })}
        />
      )}
      <NumberField
        label="Damping"
        value={damping}
        min={1e-9}
        disabled={method === 'magnitude' || method === 'wanda'}
        explains="damping"
        onChange={(value) => value !== null && changeSettings({ damping: value })}
      />
    </FieldGrid>
  );
}
