import Box from '@mui/material/Box';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';

interface StackedBarProps {
  readonly label: string;
  readonly parts: readonly { readonly name: string; readonly value: number; readonly text: string }[];
  readonly whole: number;
  readonly colours: readonly string[];
}

/** What a quantity is made of, on a bar as long as what there is; the legend holds the numbers. */
export function StackedBar({ label, parts, whole, colours }: StackedBarProps) {
  const colourOf = (index: number) => colours[index % colours.length] ?? 'currentcolor';
  return (
    <>
      <Box
        role="img"
        aria-label={label}
        sx={{ display: 'flex', height: 10, borderRadius: 5, overflow: 'hidden', bgcolor: 'data.free' }}
      >
        {parts.map(({ name, value }, index) => (
          <Box key={name} sx={{ width: `${(100 * value) / whole}%`, bgcolor: colourOf(index) }} />
        ))}
      </Box>
      <Stack direction="row" useFlexGap sx={{ flexWrap: 'wrap', columnGap: 2.5, rowGap: 0.5 }}>
        {parts.map(({ name, text }, index) => (
          <Typography
            key={name}
            variant="caption"
            color="textSecondary"
            sx={{ display: 'flex', alignItems: 'center', gap: 0.75 }}
          >
            <Box
              component="span"
              sx={{ width: 10, height: 10, borderRadius: '2px', bgcolor: colourOf(index) }}
            />
            {name}: {text}
          </Typography>
        ))}
      </Stack>
    </>
  );
}
