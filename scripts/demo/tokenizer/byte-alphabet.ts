/**
 * The printable character that stands for each byte in a byte-level vocabulary (Radford et al. 2019): a byte that is
 * printable in Latin-1 stands for itself, the others take the characters from U+0100 on.
 */
export const BYTE_CHARACTERS: readonly string[] = byteCharacters();

function byteCharacters(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad);
    return String.fromCharCode(isPrintable ? byte : next++);
  });
}

/** The UTF-8 bytes of a text in that alphabet, one character a byte. */
export const toByteCharacters = (text: string): string[] =>
  Array.from(Buffer.from(text), (byte) => BYTE_CHARACTERS[byte]);
