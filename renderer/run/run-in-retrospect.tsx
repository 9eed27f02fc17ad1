import { useService } from '../bridge/use-service.ts';
import { StageTable } from '../results/stage-table.tsx';
import { Answer } from '../widgets/answer.tsx';
import { Section } from '../widgets/section.tsx';

/** Where the time of a finished run went. */
export function RunInRetrospect({ runId }: { readonly runId: number }) {
  const result = useService('results.get', { runId });
  return (
    <Section title="Where the time went" lead="Measuring the original and the pruned model comes on top.">
      <Answer query={result}>{({ stages }) => <StageTable stages={stages} />}</Answer>
    </Section>
  );
}
