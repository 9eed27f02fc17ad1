import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../../engine/checkpoint/refusal.ts';
import { temporaryFolder } from '../../engine/checkpoint/temporary-folder.ts';
import { type ServiceProcess, services } from '../service-process.ts';

const folder = temporaryFolder();
const started = services();
afterAll(started.killAll);

const TEXT = 'Frau Ångström, born 1 May 1970: x-ray 第二 “clear”.';
const MASKED = 'Xxxx Xxxxxxxx, xxxx 9 Xxx 9999: x-xxx xx “xxxxx”.';
const file = join(folder, 'patients.jsonl');
writeFileSync(file, `${JSON.stringify({ text: TEXT })}\n${JSON.stringify({ text: 'Another.' })}\n`);

describe('a preview of records', () => {
  let service: ServiceProcess;
  beforeAll(async () => {
    service = await started.start(join(folder, 'data'));
  });
  const revealed = async () =>
    (await service.request('audit.list', {})).entries.filter(({ action }) => action === 'data.revealed');

  it('shows their form and nothing of what they say, and is no event for the audit trail', async () => {
    const preview = await service.request('data.preview', { file, part: null, count: 5, reveal: false });
    expect(preview).toEqual({
      isMasked: true,
      records: [
        { prompt: '', completion: MASKED },
        { prompt: '', completion: 'Xxxxxxx.' },
      ],
    });
    expect(await revealed()).toEqual([]);
  });

  it('shows the text when it is asked for, and the audit trail says which file that was, not what it says', async () => {
    const { records } = await service.request('data.preview', { file, part: null, count: 1, reveal: true });
    expect(records).toEqual([{ prompt: '', completion: TEXT }]);
    const [entry, ...others] = await revealed();
    expect(others).toEqual([]);
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
    expect(entry).toMatchObject({ subject: file, details: { sha256, records: 1 } });
    expect(JSON.stringify(entry)).not.toContain('Frau');
  });
});

it('stays masked where the administrators’ policy says so', async () => {
  const policy = join(folder, 'policy.json');
  writeFileSync(policy, JSON.stringify({ allowUnmaskedPreview: false }));
  const service = await started.start(join(folder, 'governed'), { args: ['--policy', policy] });
  const question = { file, part: null, count: 1 };
  const refused = await refusal(service.request('data.preview', { ...question, reveal: true }));
  expect(refused).toMatchObject({ code: 'POLICY_MASKED' });
  const masked = await service.request('data.preview', { ...question, reveal: false });
  expect(masked.records).toEqual([{ prompt: '', completion: MASKED }]);
});
