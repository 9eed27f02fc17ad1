/** One record of a data file before it is known what its fields mean. */
export interface Row {
  /** In the file's order. A table's missing cells are absent or empty. */
  readonly fields: ReadonlyMap<string, unknown>;
  /** Where it stands, for messages: `line 12`, `row 3`, `record 5`. */
  readonly place: string;
}
