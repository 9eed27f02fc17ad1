import Box from '@mui/material/Box';

/** A path, in a type in which its characters can be told apart. */
export function PathText({ path }: { readonly path: string }) {
  return (
    <Box
      component="span"
      sx={{
        fontFamily: 'ui-monospace, Consolas, monospace',
        fontSize: '0.8125rem',
        overflowWrap: 'anywhere',
      }}
    >
      {path}
    </Box>
  );
}
