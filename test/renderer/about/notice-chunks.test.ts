import { expect, it } from 'vitest';
import { noticeChunks } from '../../../renderer/about/notice-chunks.ts';

it('cuts the licences between packages, and loses nothing', () => {
  const notices =
    '# Licenses\n\nIntro.\n\n## a - 1.0 (MIT)\n\nText ## of it.\n\n## b - 2.0 (ISC)\n\nOther.\n';
  const chunks = noticeChunks(notices);
  expect(chunks).toHaveLength(3);
  expect(chunks[1]).toMatch(/^## a/);
  expect(chunks.join('')).toBe(notices);
});
