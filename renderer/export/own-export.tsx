import Button from '@mui/material/Button';
import type { RunDetail } from '../../src/contract/run.ts';
import { useNative } from '../bridge/use-service.ts';
import { Facts } from '../widgets/facts.tsx';
import { PathText } from '../widgets/path-text.tsx';
import { Section } from '../widgets/section.tsx';
import { formatBytes, formatPercent } from '../words/quantities.ts';

/** The pruned model that the run itself wrote. */
export function OwnExport({ detail }: { readonly detail: RunDetail }) {
  const { summary, outBytes, runBytes } = detail;
  const show = useNative('shell.showItem');
  return (
    <Section
      title="The pruned model"
      lead="A Hugging Face folder in dense safetensors, which transformers, vLLM and llama.cpp’s converter load like the original. It was read back and its zeros were counted before the run was called finished."
      actions={
        <Button variant="outlined" onClick={() => show.mutate({ path: summary.outDir })}>
          Show in folder
        </Button>
      }
    >
      <Facts facts={[['Folder', <PathText key="folder" path={summary.outDir} />]]} minWidth={400} />
      <Facts
        minWidth={200}
        facts={[
          ['Size', formatBytes(outBytes)],
          ['Sparsity', formatPercent(summary.sparsity)],
          ['Scores kept for other masks', runBytes > 0 ? formatBytes(runBytes) : 'none'],
        ]}
      />
    </Section>
  );
}
