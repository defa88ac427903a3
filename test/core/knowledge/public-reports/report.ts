/** A text that somebody published because a sign-in failed, shortened, with names and addresses replaced. */
export interface PublicReport {
  readonly text: string;
  /** ISO 639-1. */
  readonly language: string;
  /** First cause, decided from the report's resolution or from what Microsoft writes, before it was tried. */
  readonly cause: string;
  /** Where the text stands. */
  readonly source: string;
  /** Kept apart until the matcher was written: shows whether it knows kinds or cases. */
  readonly heldOut?: true;
}
