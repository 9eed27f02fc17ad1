import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormLabel from '@mui/material/FormLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import Stack from '@mui/material/Stack';
import type { AppSettings, SettingsView } from '../../src/contract/app-settings.ts';
import { NumberField } from '../widgets/number-field.tsx';
import { Section } from '../widgets/section.tsx';
import { SwitchField } from '../widgets/switch-field.tsx';

interface ApplicationSettingsProps {
  readonly view: SettingsView;
  readonly onChange: (change: Partial<AppSettings>) => void;
}

const themes = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

/** Looks, energy, and how long things are kept. */
export function ApplicationSettings({ view, onChange }: ApplicationSettingsProps) {
  const { settings, locked } = view;
  const isLocked = (name: keyof AppSettings) => locked.includes(name);
  return (
    <Section title="Application">
      <Stack spacing={2.5} sx={{ maxWidth: 640 }}>
        <FormControl disabled={isLocked('theme')}>
          <FormLabel id="theme">Colours</FormLabel>
          <RadioGroup
            row
            aria-labelledby="theme"
            value={settings.theme}
            onChange={(_, value) => onChange({ theme: value as AppSettings['theme'] })}
          >
            {themes.map(([value, title]) => (
              <FormControlLabel key={value} value={value} control={<Radio />} label={title} />
            ))}
          </RadioGroup>
        </FormControl>
        <SwitchField
          label="Keep the computer awake while a run is at work"
          note="The screen may still go dark."
          isOn={settings.keepAwake}
          disabled={isLocked('keepAwake')}
          onChange={(keepAwake) => onChange({ keepAwake })}
        />
        <SwitchField
          label="Keep the scores of finished runs"
          note="The sliders and further exports need them. They take about as much room as the model in 16 bits."
          isOn={settings.keepScores}
          disabled={isLocked('keepScores')}
          onChange={(keepScores) => onChange({ keepScores })}
        />
        <NumberField
          label="Delete ended runs with their files after"
          unit="days"
          value={settings.retentionDays}
          emptyMeans="never"
          min={1}
          max={36500}
          isInteger
          disabled={isLocked('retentionDays')}
          note="Pruned models that were written stay; records, scores and working files go."
          onChange={(retentionDays) => onChange({ retentionDays })}
        />
      </Stack>
    </Section>
  );
}
