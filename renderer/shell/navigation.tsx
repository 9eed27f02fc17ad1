import AddIcon from '@mui/icons-material/Add';
import ModelsIcon from '@mui/icons-material/FolderCopyOutlined';
import HistoryIcon from '@mui/icons-material/History';
import HomeIcon from '@mui/icons-material/HomeOutlined';
import InfoIcon from '@mui/icons-material/InfoOutlined';
import ExperimentsIcon from '@mui/icons-material/ScienceOutlined';
import SettingsIcon from '@mui/icons-material/SettingsOutlined';
import AuditIcon from '@mui/icons-material/VerifiedUserOutlined';
import Box from '@mui/material/Box';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemButton from '@mui/material/ListItemButton';
import ListItemIcon from '@mui/material/ListItemIcon';
import ListItemText from '@mui/material/ListItemText';
import Typography from '@mui/material/Typography';
import { useService } from '../bridge/use-service.ts';
import { linkTo, pathParts, screenPath, usePath } from './route.ts';

const entries = [
  { path: '/', title: 'Home', icon: HomeIcon, part: undefined },
  { path: screenPath['new-run'], title: 'New run', icon: AddIcon, part: 'new' },
  { path: screenPath.history, title: 'Runs', icon: HistoryIcon, part: 'runs' },
  { path: screenPath.experiments, title: 'Experiments', icon: ExperimentsIcon, part: 'experiments' },
  { path: screenPath.models, title: 'Models & data', icon: ModelsIcon, part: 'models' },
  { path: screenPath.settings, title: 'Settings', icon: SettingsIcon, part: 'settings' },
  { path: screenPath.audit, title: 'Audit trail', icon: AuditIcon, part: 'audit' },
  { path: screenPath.about, title: 'About', icon: InfoIcon, part: 'about' },
] as const;

export const NAVIGATION_WIDTH = 232;

/** The left edge of the window: every screen that stands on its own. */
export function Navigation() {
  const [here] = pathParts(usePath());
  const { data: app } = useService('app.info', {});
  const { running = 0, queued = 0, experiments } = app ?? {};
  const atWork = {
    runs: running + queued,
    experiments: (experiments?.running ?? 0) + (experiments?.queued ?? 0),
  };
  return (
    <Box
      component="nav"
      aria-label="Main"
      sx={{
        width: NAVIGATION_WIDTH,
        flexShrink: 0,
        overflowY: 'auto',
        borderRight: 1,
        borderColor: 'divider',
        bgcolor: 'background.paper',
      }}
    >
      <Typography
        sx={{ px: 2.5, pt: 3, pb: 1.5, fontWeight: 680, letterSpacing: '-0.01em', fontSize: '1.0625rem' }}
      >
        D-Pruner
      </Typography>
      <List sx={{ px: 1 }}>
        {entries.map(({ path, title, icon: Icon, part }) => (
          <ListItem key={path} disablePadding sx={{ mb: 0.25 }}>
            <ListItemButton
              component="a"
              href={linkTo(path)}
              selected={here === part}
              aria-current={here === part ? 'page' : undefined}
              sx={{ borderRadius: 1.5, px: 1.5, py: 0.75 }}
            >
              <ListItemIcon sx={{ minWidth: 34, color: here === part ? 'primary.main' : 'text.secondary' }}>
                <Icon fontSize="small" />
              </ListItemIcon>
              <ListItemText
                primary={title}
                slotProps={{ primary: { sx: { fontWeight: here === part ? 600 : 450 } } }}
              />
              {(part === 'runs' || part === 'experiments') && atWork[part] > 0 && (
                <Typography variant="caption" color="primary" noWrap sx={{ flexShrink: 0, fontWeight: 600 }}>
                  {atWork[part]} active
                </Typography>
              )}
            </ListItemButton>
          </ListItem>
        ))}
      </List>
    </Box>
  );
}
