import { beforeEach, describe, expect, it } from 'vitest';
import { changeDraft, changeSettings, startAnew, useDraft } from '../../../renderer/wizard/draft.ts';

describe('a draft from which a run was started', () => {
  beforeEach(() => {
    startAnew();
    changeDraft({ name: 'First', outDir: '/models/first' });
    useDraft.setState({ runId: 7 });
  });

  it('is another run once it is changed, and takes neither the name nor the folder of the first', () => {
    changeSettings({ sparsity: 0.6 });
    expect(useDraft.getState()).toMatchObject({ runId: null, name: null, outDir: null });
  });

  it('takes a name or a folder that is given to it', () => {
    changeDraft({ outDir: '/models/second' });
    changeDraft({ name: 'Second' });
    expect(useDraft.getState()).toMatchObject({ runId: null, name: 'Second', outDir: '/models/second' });
  });
});
