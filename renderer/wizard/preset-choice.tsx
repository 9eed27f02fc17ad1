import AddIcon from '@mui/icons-material/Add';
import Box from '@mui/material/Box';
import Card from '@mui/material/Card';
import CardActionArea from '@mui/material/CardActionArea';
import Chip from '@mui/material/Chip';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { PresetEntry } from '../../src/contract/preset.ts';
import { useService } from '../bridge/use-service.ts';
import { Answer } from '../widgets/answer.tsx';
import { Section } from '../widgets/section.tsx';
import { formatPercent } from '../words/quantities.ts';
import { takePreset, useDraft } from './draft.ts';
import { PresetFiles } from './preset-files.tsx';

/** The presets as cards. */
export function PresetChoice({ title, onNew }: { readonly title: string; readonly onNew: () => void }) {
  const presets = useService('presets.list', {});
  const presetId = useDraft((draft) => draft.presetId);
  const chosen = presets.data?.find(({ id }) => id === presetId);
  return (
    <Section title={title} actions={<PresetFiles chosen={chosen ?? null} />}>
      <Answer query={presets}>
        {(entries) => (
          <Box
            role="group"
            aria-label="Domain"
            sx={{ display: 'grid', gap: 1.5, gridTemplateColumns: 'repeat(auto-fill, minmax(230px, 1fr))' }}
          >
            {entries.map((entry) => (
              <PresetCard key={entry.id} entry={entry} isChosen={entry.id === presetId} />
            ))}
            <CustomCard onNew={onNew} />
          </Box>
        )}
      </Answer>
    </Section>
  );
}

/** The way to a domain of one's own. */
function CustomCard({ onNew }: { readonly onNew: () => void }) {
  return (
    <Card sx={{ borderStyle: 'dashed', bgcolor: 'transparent' }}>
      <CardActionArea onClick={onNew} sx={cardContent}>
        <Stack direction="row" spacing={1} sx={{ alignItems: 'center', mb: 0.5 }}>
          <AddIcon fontSize="small" color="primary" />
          <Typography component="span" sx={{ fontWeight: 620 }}>
            Custom…
          </Typography>
        </Stack>
        <Typography component="span" variant="body2" color="textSecondary">
          Parts, shares and texts of your own
        </Typography>
      </CardActionArea>
    </Card>
  );
}

const cardContent = {
  p: 2,
  height: '100%',
  display: 'flex',
  flexDirection: 'column',
  alignItems: 'flex-start',
  justifyContent: 'flex-start',
} as const;

const kindTitles = { builtin: null, custom: 'Yours', demo: 'Demo' } as const;

function PresetCard({ entry, isChosen }: { readonly entry: PresetEntry; readonly isChosen: boolean }) {
  const { id, kind, preset } = entry;
  return (
    <Card
      sx={{
        ...(isChosen && {
          borderColor: 'primary.main',
          boxShadow: (theme) => `0 0 0 1px ${theme.palette.primary.main}`,
        }),
      }}
    >
      <CardActionArea aria-pressed={isChosen} onClick={() => takePreset(id, preset)} sx={cardContent}>
        <Stack direction="row" spacing={1} sx={{ alignItems: 'center', mb: 0.5 }}>
          <Typography component="span" sx={{ fontWeight: 620 }}>
            {preset.title}
          </Typography>
          {kindTitles[kind] && <Chip component="span" size="small" label={kindTitles[kind]} />}
        </Stack>
        <Typography component="span" variant="body2" color="textSecondary">
          {preset.parts
            .map(({ title, share }) => `${title.replace(/ \(.*\)$/, '')} ${formatPercent(share, 0)}`)
            .join(' · ')}
        </Typography>
      </CardActionArea>
    </Card>
  );
}
