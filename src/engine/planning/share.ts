/** A named part of a predicted peak. */
export interface Share {
  readonly name: string;
  readonly bytes: number;
}

export const totalBytes = (parts: readonly Share[]): number =>
  parts.reduce((total, { bytes }) => total + bytes, 0);
