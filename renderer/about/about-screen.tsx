import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useQuery } from '@tanstack/react-query';
import { native } from '../bridge/bridge.ts';
import { useService } from '../bridge/use-service.ts';
import { Screen } from '../shell/screen.tsx';
import { Answer } from '../widgets/answer.tsx';
import { Facts } from '../widgets/facts.tsx';
import { PathText } from '../widgets/path-text.tsx';
import { Section } from '../widgets/section.tsx';
import { noticeChunks } from './notice-chunks.ts';

/** What this is, in which versions, and under which licences. */
export function AboutScreen() {
  const app = useService('app.info', {});
  const versions = useQuery({ queryKey: ['app.versions'], queryFn: () => native('app.versions', {}) });
  return (
    <Screen title="About D-Pruner Desktop">
      <Section title="What it does with your data">
        <Box component="ul" sx={{ m: 0, pl: 2.5, '& li': { mb: 0.75 } }}>
          <li>
            It opens no network connection: no telemetry, no check for updates, no content from elsewhere.
          </li>
          <li>It never writes to a model or a text that you give it.</li>
          <li>
            Calibration texts are in no log, history, report or error message; files are named by path and
            SHA-256.
          </li>
          <li>
            Working files that derive from your texts are removed when a run ends, or at the next start.
          </li>
        </Box>
      </Section>
      <Section title="The method">
        <Typography>
          D-Pruner, “Pruning as a Domain-specific LLM Extractor” (arXiv 2405.06275). The presets bring general
          and domain importance to one scale and weigh them by μ: log S = (1 − μ) log G + μ log F. This
          differs from the published formula, which is there under Expert.
        </Typography>
      </Section>
      <Section title="Versions">
        <Answer query={versions}>
          {({ app: version, electron, chromium, platform }) => (
            <Facts
              facts={[
                ['Application', version],
                ['Electron', electron],
                ['Chromium', chromium],
                ['Platform', platform],
                ['Service on Node', app.data?.node ?? '–'],
                ['Service', app.data?.version ?? '–'],
              ]}
            />
          )}
        </Answer>
        {app.data && (
          <Typography sx={{ mt: 2 }} component="div">
            <Facts
              minWidth={400}
              facts={[['Database', <PathText key="database" path={app.data.databaseFile} />]]}
            />
          </Typography>
        )}
      </Section>
      <Section title="Licences" lead="The application: Apache-2.0. What it is built with:">
        <Answer query={versions}>
          {({ notices }) => (
            <Box
              component="pre"
              tabIndex={0}
              role="region"
              aria-label="Licences of what is built in"
              sx={{
                maxHeight: 320,
                overflow: 'auto',
                whiteSpace: 'pre-wrap',
                m: 0,
                fontSize: '0.75rem',
                p: 1.5,
                bgcolor: 'background.default',
                borderRadius: 1,
                '& > span': {
                  display: 'block',
                  contentVisibility: 'auto',
                  containIntrinsicSize: 'auto 300px',
                },
              }}
            >
              {notices === ''
                ? 'They are in the folder of the application.'
                : noticeChunks(notices).map((chunk) => <span key={chunk.slice(0, 80)}>{chunk}</span>)}
            </Box>
          )}
        </Answer>
      </Section>
    </Screen>
  );
}
