import { ChoiceField } from '../widgets/choice-field.tsx';
import { NumberField } from '../widgets/number-field.tsx';
import { SwitchField } from '../widgets/switch-field.tsx';
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
        explains="aggregation"
        onChange={(value) => changeSettings({ aggregation: value })}
      />
      <SwitchField
        label="Regulariser"
        isOn={regularizer}
        explains="regularizer"
        onChange={(isOn) => changeSettings({ regularizer: isOn })}
      />
      <NumberField
        label="ρ"
        value={rho}
        emptyMeans="from λ and α"
        min={0}
        disabled={!regularizer}
        explains="rho"
        onChange={(value) => changeSettings({ rho: value })}
      />
      <NumberField
        label="λ"
        value={lambda}
        min={0}
        disabled={!regularizer || rho !== null}
        explains="lambda"
        onChange={(value) => value !== null && changeSettings({ lambda: value })}
      />
      <NumberField
        label="α"
        value={alpha}
        min={1e-9}
        disabled={!regularizer || rho !== null}
        explains="alpha"
        onChange={(value) => value !== null && changeSettings({ alpha: value })}
      />
    </>
  );
}
