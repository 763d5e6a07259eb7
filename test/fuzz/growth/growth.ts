import { readConfig } from '../../../src/config/read';
import { repeated, type Constructs, type Repetition } from './constructs';

/** What reading a text of n, 2n and 4n pieces takes. */
export interface Growth extends Repetition {
  file: string;
  /** Of the largest text, in characters. */
  size: number;
  /** Processor time in ms. */
  times: readonly [small: number, middle: number, large: number];
  /** What the reader says of the largest text: the number of recipes, and why it was refused. */
  outcome: string;
}

/** Texts of n, 2n and 4n pieces; the largest has about `length` characters. */
export function textsOf(constructs: Constructs, repetition: Repetition, length: number): readonly string[] {
  const each = repetition.pieces.reduce((sum, piece) => sum + piece.length, 0);
  const count = Math.max(1, Math.floor(length / each / 4));
  return [1, 2, 4].map((factor) => repeated(constructs, repetition, factor * count));
}

/** Measures texts that hold the pieces. */
export function growthOf(constructs: Constructs, repetition: Repetition, length: number, tries = 3): Growth {
  const texts = textsOf(constructs, repetition, length);
  const [small = 0, middle = 0, large = 0] = texts.map((text) => cost(text, constructs.file, tries));
  const last = texts.at(-1) ?? '';
  const { recipes, findings } = readConfig(last, constructs.file);
  const refused = findings.filter(({ code }) => /^too-|bomb|syntax/.test(code)).map(({ code }) => code);
  const outcome = [`${recipes.length} recipes`, ...new Set(refused)].join(', ');
  return { ...repetition, file: constructs.file, size: last.length, times: [small, middle, large], outcome };
}

/** Processor time in ms: the smallest of some measurements, since a garbage collection is no growth. */
export function cost(text: string, file: string, tries: number): number {
  const once = (tried: number): number => {
    // Readers keep what they know of the last text.
    const another = text + '\n'.repeat(tried);
    const before = process.cpuUsage();
    readConfig(another, file);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  return Math.min(...Array.from({ length: tries }, (_, tried) => once(tried)));
}

/** The largest growth with each doubling; quadratic time would grow × 4. */
const FACTOR = 2.3;
/** What takes less ms is too short to be measured. */
export const SHORT = 60;

/** Whether time grows faster than the factor with each doubling. */
export function growsTooFast({ times: [small, , large] }: Pick<Growth, 'times'>, factor = FACTOR): boolean {
  return large > SHORT && large > factor ** 2 * Math.max(small, SHORT / factor ** 2);
}
