import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';

export type Fact = readonly [name: ReactNode, value: ReactNode];

/** Names and values under one another; what is not known reads `not stated`. */
export function Facts({
  facts,
  minWidth = 150,
}: {
  readonly facts: readonly Fact[];
  readonly minWidth?: number;
}) {
  return (
    <Box
      component="dl"
      sx={{
        m: 0,
        display: 'grid',
        alignContent: 'start',
        gap: 2,
        'dl + &': { mt: 2 },
        // What stands alone has the whole row: paths and hashes are long.
        gridTemplateColumns: `repeat(${facts.length === 1 ? 'auto-fit' : 'auto-fill'}, minmax(${minWidth}px, 1fr))`,
      }}
    >
      {facts.map(([name, value], index) => (
        // The names are fixed for each use; some hold elements.
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes its order
        <Box key={index}>
          <Typography component="dt" variant="caption" color="textSecondary" sx={{ display: 'block' }}>
            {name}
          </Typography>
          <Typography component="dd" sx={{ m: 0, fontWeight: 520 }}>
            {value ?? 'not stated'}
          </Typography>
        </Box>
      ))}
    </Box>
  );
}
