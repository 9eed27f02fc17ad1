import { ChoiceField } from '../widgets/choice-field.tsx';
import { NumberField } from '../widgets/number-field.tsx';
import { SwitchField } from '../widgets/switch-field.tsx';
import { Term } from '../widgets/term.tsx';
import { changeSettings, useDraft } from './draft.ts';

/** What the published formula alone has. */
export function PaperSettings() {
  const { aggregation, regularizer, rho, lambda, alpha } = useDraft((draft) => draft.settings);
  return (
    <>
      <ChoiceField
        label="Aggregation"
        value={aggregation}
        choices={[
          ['per-sample', 'Per sample'],
          ['mean-gradient', 'Mean gradient (as printed)'],
        ]}
        help={<Term of="aggregation">What it means</Term>}
        onChange={(value) => changeSettings({ aggregation: value })}
      />
      <SwitchField
        label="Regulariser"
        isOn={regularizer}
        help={<Term of="regularizer">What it means</Term>}
        onChange={(isOn) => changeSettings({ regularizer: isOn })}
      />
      <NumberField
        label="ρ"
        value={rho}
        emptyMeans="from λ and α"
        min={0}
        disabled={!regularizer}
        help={<Term of="rho">What it means</Term>}
        onChange={(value) => changeSettings({ rho: value })}
      />
      <NumberField
        label="λ"
        value={lambda}
        min={0}
        disabled={!regularizer || rho !== null}
        help={<Term of="lambda">What it means</Term>}
        onChange={(value) => value !== null && changeSettings({ lambda: value })}
      />
      <NumberField
        label="α"
        value={alpha}
        min={1e-9}
        disabled={!regularizer || rho !== null}
        help={<Term of="alpha">What it means</Term>}
        onChange={(value) => value !== null && changeSettings({ alpha: value })}
      />
    </>
  );
}
