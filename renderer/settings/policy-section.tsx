import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useService } from '../bridge/use-service.ts';
import { Answer } from '../widgets/answer.tsx';
import { Facts } from '../widgets/facts.tsx';
import { PathText } from '../widgets/path-text.tsx';
import { Section } from '../widgets/section.tsx';
import { formatCounted } from '../words/quantities.ts';

/** What the administrators have decided. */
export function PolicySection() {
  const view = useService('policy.get', {});
  return (
    <Section title="Administrators’ policy">
      <Answer query={view}>
        {({ file, policy }) => (
          <Stack spacing={2}>
            <Typography>
              {policy ? 'In force, from ' : 'None is in force. It would be read from '}
              <PathText path={file} />
            </Typography>
            {policy && (
              <Facts
                minWidth={240}
                facts={[
                  ['Folders that may be used', policy.allowedFolders?.join(', ') ?? 'any'],
                  [
                    'Longest retention',
                    policy.maxRetentionDays ? formatCounted(policy.maxRetentionDays, 'day') : 'not limited',
                  ],
                  ['Text of records', policy.allowUnmaskedPreview ? 'may be shown' : 'is only shown masked'],
                  ['Data folder', policy.dataFolder ?? 'may be chosen'],
                ]}
              />
            )}
          </Stack>
        )}
      </Answer>
    </Section>
  );
}
