/** A prompt with what may follow it, one of which is right. */
export interface ChoiceItem {
  /** The file and the place in it, for messages. */
  readonly from: string;
  readonly prompt: string;
  /** As they follow the prompt, with nothing between. */
  readonly options: readonly string[];
  /** Index of the right one. */
  readonly truth: number;
  /** What each option stands for, in figures by class. */
  readonly classes: readonly number[];
}

/** A prompt with the summary that a person wrote. */
export interface SummaryItem {
  /** The file and the place in it, for messages. */
  readonly from: string;
  readonly prompt: string;
  readonly reference: string;
}
