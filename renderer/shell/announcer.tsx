import Box from '@mui/material/Box';
import { visuallyHidden } from '@mui/utils';
import { create } from 'zustand';

const useAnnouncement = create<{ readonly text: string }>(() => ({ text: '' }));

/** Has a screen reader say it when it has finished its sentence. */
export const announce = (text: string): void => useAnnouncement.setState({ text });

/** The live region that `announce` speaks through. */
export function Announcer() {
  const { text } = useAnnouncement();
  return (
    <Box role="status" aria-live="polite" sx={visuallyHidden}>
      {text}
    </Box>
  );
}
