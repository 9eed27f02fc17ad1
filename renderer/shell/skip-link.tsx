import Link from '@mui/material/Link';
import { CONTENT_ID } from '../theme/content-id.ts';

/** The first thing that Tab reaches: past the navigation, into the screen. */
export function SkipLink() {
  return (
    <Link
      component="button"
      onClick={() => document.getElementById(CONTENT_ID)?.focus()}
      sx={{
        position: 'fixed',
        top: 8,
        left: 8,
        zIndex: 'tooltip',
        px: 2,
        py: 1,
        borderRadius: 1,
        bgcolor: 'background.paper',
        boxShadow: 3,
        transform: 'translateY(-200%)',
        '&:focus': { transform: 'none' },
      }}
    >
      Skip to content
    </Link>
  );
}
