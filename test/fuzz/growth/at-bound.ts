import { tooLong } from '../../../src/config/syntax/bounds';
import { repeated, type Constructs, type Repetition } from './constructs';
import { cost, outcomeOf } from './growth';

/** The longest text of a repetition, to a percent or two, that is within the bounds that are checked before parsing. */
export function longestOf(constructs: Constructs, repetition: Repetition): string {
  const isRead = (count: number): boolean =>
    tooLong(repeated(constructs, repetition, count), constructs.syntax) === null;
  let count = 1;
  while (isRead(2 * count)) count *= 2;
  for (let step = count / 2; step >= 1 && step >= count / 64; step /= 2) if (isRead(count + step)) count += step;
  return repeated(constructs, repetition, count);
}

export interface Longest extends Repetition {
  file: string;
  /** In characters. */
  size: number;
  /** Processor time in ms. */
  time: number;
  outcome: string;
}

/** Measures the longest text of a repetition; a slow one again, since a busy machine is slow too. */
export function atBound(constructs: Constructs, repetition: Repetition, slow: number): Longest {
  const text = longestOf(constructs, repetition);
  let time = cost(constructs, text);
  for (let tries = 0; tries < 4 && time > slow; tries += 1) time = Math.min(time, cost(constructs, text));
  return { ...repetition, file: constructs.file, size: text.length, time, outcome: outcomeOf(text, constructs.file) };
}
