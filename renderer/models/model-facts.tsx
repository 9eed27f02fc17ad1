import type { ModelInspection } from '../../src/contract/model.ts';
import { familyTitle } from '../../src/contract/titles.ts';
import { Facts } from '../widgets/facts.tsx';
import { Term } from '../widgets/term.tsx';
import { formatBytes, formatCount, formatCounted, formatLargeCount } from '../words/quantities.ts';

/** What a model's headers say. */
export function ModelFacts({ inspection }: { readonly inspection: ModelInspection }) {
  const { family, parameters, prunableParameters, layers, hiddenSize, dtype, contextLength, licence } =
    inspection;
  const { sizeBytes, weightFiles, hasTokenizer } = inspection;
  return (
    <Facts
      facts={[
        ['Family', family && familyTitle(family)],
        [
          <Term key="parameters" of="parameters">
            Parameters
          </Term>,
          parameters && formatLargeCount(parameters),
        ],
        [
          <Term key="prunable" of="prunable">
            Prunable
          </Term>,
          prunableParameters && formatLargeCount(prunableParameters),
        ],
        ['Layers × width', layers && hiddenSize && `${formatCount(layers)} × ${formatCount(hiddenSize)}`],
        [
          <Term key="dtype" of="dtype">
            Number format
          </Term>,
          dtype,
        ],
        [
          <Term key="context" of="context">
            Context
          </Term>,
          contextLength && formatCounted(contextLength, 'token'),
        ],
        [
          'Size',
          sizeBytes !== null && weightFiles !== null
            ? `${formatBytes(sizeBytes)} in ${formatCounted(weightFiles, 'file')}`
            : null,
        ],
        ['Tokenizer', hasTokenizer ? 'present' : 'missing'],
        ['Licence', licence],
      ]}
    />
  );
}
