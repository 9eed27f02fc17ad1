import { selectionOf } from '../../src/contract/settings.ts';
import { ChoiceField } from '../widgets/choice-field.tsx';
import { NumberField } from '../widgets/number-field.tsx';
import { changeSettings, useDraft } from './draft.ts';
import { FieldGrid } from './field-grid.tsx';

/** Among which weights those to go are looked for. */
export function PatternSettings() {
  const settings = useDraft((draft) => draft.settings);
  const { method, criterion, selection, pattern, blocking, blockSize, group, allocation } = settings;
  const isFree = pattern === 'unstructured';
  return (
    <FieldGrid title="Which weights compete">
      <ChoiceField
        label="Pattern"
        value={pattern}
        choices={[
          ['unstructured', 'Unstructured'],
          ['2:4', '2:4 (half of each 4)'],
          ['4:8', '4:8 (half of each 8)'],
        ]}
        explains="pattern"
        // The patterns are of one half by their nature.
        onChange={(value) =>
          changeSettings({ pattern: value, ...(value !== 'unstructured' && { sparsity: 0.5 }) })
        }
      />
      <ChoiceField
        label="Comparison group"
        value={group ?? 'auto'}
        disabled={!isFree}
        choices={[
          ['auto', 'As the method does'],
          ['matrix', 'Whole matrix'],
          ['row', 'Each row'],
          ['block', 'Block of columns'],
        ]}
        explains="group"
        onChange={(value) => changeSettings({ group: value === 'auto' ? null : value })}
      />
      <ChoiceField
        label="Selection"
        value={selection ?? 'auto'}
        disabled={method !== 'd-pruner' || (criterion === 'domain' && selection === null)}
        choices={[
          ['auto', `Automatic: ${selectionOf({ criterion, selection: null })}`],
          ['single', 'Single'],
          ['joint', 'Joint'],
        ]}
        explains="selection"
        onChange={(value) => changeSettings({ selection: value === 'auto' ? null : value })}
      />
      <ChoiceField
        label="Blocking"
        value={blocking}
        disabled={!isFree}
        choices={[
          ['none', 'None'],
          ['iterative', 'Iterative: block by block'],
        ]}
        explains="blocking"
        onChange={(value) => changeSettings({ blocking: value })}
      />
      <NumberField
        label="Block size"
        unit="columns"
        value={blockSize}
        emptyMeans="128"
        min={1}
        isInteger
        disabled={!isFree || (blocking === 'none' && group !== 'block')}
        explains="blockSize"
        onChange={(value) => changeSettings({ blockSize: value })}
      />
      <ChoiceField
        label="Allocation"
        value={allocation}
        choices={[
          ['uniform', 'Uniform'],
          ['owl', 'OWL: less from layers with outliers'],
        ]}
        explains="allocation"
        onChange={(value) => changeSettings({ allocation: value })}
      />
    </FieldGrid>
  );
}
