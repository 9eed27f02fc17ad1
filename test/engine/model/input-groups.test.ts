import { describe, expect, it } from 'vitest';
import { groupRows, groupShape } from '../../../src/engine/model/input-groups.ts';
import { tinyConfig } from './tiny-config.ts';

describe('input groups', () => {
  const config = tinyConfig({ headDim: 6 }); // q 24, k and v 12 rows

  it('join the linear layers that read the same input', () => {
    expect(groupShape(config, 'attentionInput')).toEqual([48, 12]);
    expect(groupShape(config, 'attentionOutput')).toEqual([12, 24]);
    expect(groupShape(config, 'mlpInput')).toEqual([40, 12]);
    expect(groupShape(config, 'mlpHidden')).toEqual([12, 20]);
  });

  it('say which rows are whose', () => {
    expect(groupRows(config, 'attentionInput')).toEqual([
      { linear: 'qProj', begin: 0, end: 24 },
      { linear: 'kProj', begin: 24, end: 36 },
      { linear: 'vProj', begin: 36, end: 48 },
    ]);
    expect(groupRows(config, 'mlpInput')).toEqual([
      { linear: 'gateProj', begin: 0, end: 20 },
      { linear: 'upProj', begin: 20, end: 40 },
    ]);
  });
});
