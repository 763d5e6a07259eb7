import { readConfig } from '../../../src/config/read';
import { repeated, type Constructs } from './constructs';

/** What reading a text of n, 2n and 4n pieces takes. */
export interface Growth {
  syntax: string;
  pieces: readonly string[];
  /** Of the largest text, in characters. */
  size: number;
  /** Processor time in ms. */
  times: readonly [number, number, number];
  /** What the reader says of the largest text: the number of recipes, and why it was refused. */
  outcome: string;
}

const FACTORS = [1, 2, 4] as const;

/** Measures texts that hold the pieces so often that the largest of three has about `length` characters. */
export function growthOf(constructs: Constructs, pieces: readonly string[], length: number, tries = 3): Growth {
  const each = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const count = Math.max(1, Math.floor(length / each / 4));
  const texts = FACTORS.map((factor) => repeated(constructs, pieces, factor * count));
  const [small = 0, middle = 0, large = 0] = texts.map((text) => cost(text, constructs.file, tries));
  const last = texts.at(-1) ?? '';
  const { recipes, findings } = readConfig(last, constructs.file);
  const refused = findings.filter(({ code }) => /^too-|bomb|syntax/.test(code)).map(({ code }) => code);
  const outcome = [`${recipes.length} recipes`, ...new Set(refused)].join(', ');
  return { syntax: constructs.file, pieces, size: last.length, times: [small, middle, large], outcome };
}

/** Processor time in ms: the smallest of some measurements, since a garbage collection is no growth. */
function cost(text: string, file: string, tries: number): number {
  const once = (): number => {
    const before = process.cpuUsage();
    readConfig(text, file);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  return Math.min(...Array.from({ length: tries }, once));
}

/** What is too short to be measured, in ms. */
const NOISE = 30;

/** Whether time grows faster than × 2.3 with each doubling; the second try is for a machine that was busy. */
export function growsTooFast({ times: [small, , large] }: Growth): boolean {
  return large > NOISE && large > 2.3 ** 2 * Math.max(small, NOISE / 2.3 ** 2);
}
