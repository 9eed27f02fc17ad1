/** What a line of the audit trail holds, each value under the names that lead to it: `data 1, sha256` → `4f…`. */
export function factsOfDetails(details: unknown, path = ''): (readonly [name: string, value: string])[] {
  if (Array.isArray(details)) {
    if (details.every((one) => typeof one !== 'object' || one === null))
      return details.length === 0 ? [] : [[path, details.map(textOf).join(', ')]];
    return details.flatMap((one, index) => factsOfDetails(one, `${path} ${index + 1}`));
  }
  if (typeof details === 'object' && details !== null) {
    return Object.entries(details).flatMap(([name, value]) =>
      factsOfDetails(value, path === '' ? name : `${path}, ${name}`),
    );
  }
  return [[path, textOf(details)]];
}

const textOf = (value: unknown): string => (value === null || value === undefined ? 'none' : String(value));
