import type { Preset } from '../../src/contract/preset.ts';
import type { Draft } from './draft.ts';
import { presetOf } from './draft-request.ts';
import { mixOfShares, moveShare } from './mix.ts';

export interface EditedPart {
  readonly key: number;
  readonly title: string;
  /** null for one that was added. */
  readonly original: Draft['parts'][number] | null;
}

export const editedParts = ({ parts }: Draft): EditedPart[] =>
  parts.map((part, key) => ({ key, title: part.title, original: part }));

/** The draft's preset with another title and other parts. Parts that stay keep their proportions; a new one gets an even share. */
export function editedPreset(
  draft: Draft,
  title: string,
  description: string,
  parts: readonly EditedPart[],
): Preset {
  const named = nameParts(parts);
  const kept = named.filter(({ original }) => original !== null);
  const weights = kept.map(({ name, original }) => ({
    name,
    share: Math.max(1, draft.mix[original?.name ?? ''] ?? 1),
  }));
  let mix = kept.length === 0 ? {} : mixOfShares(weights);
  for (const { name, original } of named) {
    if (original !== null) continue;
    const percent = Math.round(100 / (Object.keys(mix).length + 1));
    mix = moveShare({ ...mix, [name]: 0 }, name, percent);
  }
  const { settings } = presetOf(draft);
  const percentOf = (name: string) => Math.max(1, mix[name] ?? 1);
  const sum = named.reduce((total, { name }) => total + percentOf(name), 0);
  return {
    name: slug(title, 'custom'),
    title: title.trim(),
    description: description.trim(),
    parts: named.map(({ name, title: partTitle, original }) => ({
      name,
      title: partTitle.trim(),
      share: percentOf(name) / sum,
      reader: original?.reader ?? 'auto',
      template: original?.template ?? null,
    })),
    settings,
  };
}

/** A name for each part, unlike every other. */
function nameParts(parts: readonly EditedPart[]): (EditedPart & { readonly name: string })[] {
  const taken = new Set(parts.flatMap(({ original }) => (original ? [original.name] : [])));
  return parts.map((part) => {
    if (part.original) return { ...part, name: part.original.name };
    const base = slug(part.title, 'part');
    let name = base;
    for (let index = 2; taken.has(name); index++) name = `${base}-${index}`;
    taken.add(name);
    return { ...part, name };
  });
}

const slug = (title: string, fallback: string): string =>
  title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '') || fallback;
