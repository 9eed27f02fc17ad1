import UploadIcon from '@mui/icons-material/FileOpenOutlined';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { type DragEvent, type ReactNode, useState } from 'react';
import { pathOfFile } from '../bridge/bridge.ts';

interface DropZoneProps {
  readonly children: ReactNode;
  /** What the button says. */
  readonly verb: string;
  /** For a screen reader where several have the same verb: `Choose files for CaseHOLD`. */
  readonly label?: string;
  readonly onChoose: () => void;
  readonly onDrop: (paths: string[]) => void;
}

/** Where files or a folder can be dropped; a button opens the native dialog instead. */
export function DropZone({ children, verb, label, onChoose, onDrop }: DropZoneProps) {
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const paths = [...event.dataTransfer.files].map(pathOfFile).filter((path) => path !== '');
    if (paths.length > 0) onDrop(paths);
  };
  return (
    <Box
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      sx={{
        display: 'flex',
        alignItems: 'center',
        gap: 2,
        flexWrap: 'wrap',
        border: '1.5px dashed',
        borderColor: isOver ? 'primary.main' : 'text.disabled',
        bgcolor: isOver ? 'action.hover' : 'transparent',
        borderRadius: 2,
        px: 2,
        py: 1.5,
      }}
    >
      <Button variant="outlined" startIcon={<UploadIcon />} onClick={onChoose} aria-label={label}>
        {verb}
      </Button>
      <Typography variant="body2" color="textSecondary" sx={{ flex: 1, minWidth: 200 }}>
        {children}
      </Typography>
    </Box>
  );
}
