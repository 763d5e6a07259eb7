/** A place where a trainer's loader stops, and why in the loader's own words. */
export class Stop extends Error {
  constructor(
    message: string,
    /** Into the text as its reader has it. */
    readonly offset: number,
  ) {
    super(message);
  }
}
