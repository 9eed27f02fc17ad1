/**
 * The first key that some object of the JSON text has twice, or null. JSON.parse keeps the last of such values
 * without a word, so that two programs could see two different files. `text` must already have parsed.
 */
export function findDuplicateKey(text: string): string | null {
  // The keys of each open object; null for an array.
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '{':
        open.push(new Set());
        break;
      case '[':
        open.push(null);
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case '"': {
        const end = endOfString(text, at);
        const keys = open.at(-1);
        if (keys && isFollowedByColon(text, end)) {
          const key: string = JSON.parse(text.slice(at, end));
          if (keys.has(key)) return key;
          keys.add(key);
        }
        at = end - 1;
      }
    }
  }
  return null;
}

/** The index after the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function isFollowedByColon(text: string, from: number): boolean {
  let at = from;
  while (/\s/.test(text[at] ?? '')) at++;
  return text[at] === ':';
}
