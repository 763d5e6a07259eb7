import type { Reading } from '../../config/reading';

/** A text and what it says. */
export interface ReadText {
  text: string;
  reading: Reading;
}
