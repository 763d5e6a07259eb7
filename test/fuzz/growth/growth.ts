import { planConfig } from '../../../src/config/planned';
import { readConfig } from '../../../src/config/read';
import type { SyntaxId } from '../../../src/config/reading';
import { rewriteConfig } from '../../../src/config/rewrite';
import { tooLong } from '../../../src/config/syntax/bounds';
import { processorTimeOf } from '../../support/growth';
import type { Constructs, Repetition } from './constructs';
import { repeated } from './repetitions';

/** What reading and rewriting a text of n, 2n and 4n pieces takes. */
export interface Growth extends Repetition {
  file: string;
  /** Of the largest text, in characters. */
  size: number;
  /** Processor time in ms. */
  times: readonly [small: number, middle: number, large: number];
  /** What the reader says of the largest text: the number of recipes, and why it was refused. */
  outcome: string;
}

/** Texts of n, 2n and 4n pieces; the largest has at most `most` of them, and one at least. */
export function textsOf(constructs: Constructs, repetition: Repetition, most: number): readonly string[] {
  const count = Math.max(1, Math.floor(most / 4));
  return [1, 2, 4].map((factor) => repeated(constructs, repetition, factor * count));
}

/** Measures texts that hold the pieces: by turns, so that whatever else the machine does hits all of them. */
export function growthOf(constructs: Constructs, repetition: Repetition, most: number, tries: number): Growth {
  const texts = textsOf(constructs, repetition, most);
  const rounds = Array.from({ length: tries }, () => texts.map((text) => cost(constructs, text)));
  const least = (i: number): number => Math.min(...rounds.map((times) => times[i] ?? Infinity));
  const last = texts.at(-1) ?? '';
  const outcome = outcomeOf(last, constructs.file);
  return { ...repetition, file: constructs.file, size: last.length, times: [least(0), least(1), least(2)], outcome };
}

/** The smaller times of two measurements: what a busy machine or a collection of garbage adds is no growth. */
export function smaller(one: Growth, other: Growth): Growth {
  const least = (i: 0 | 1 | 2): number => Math.min(one.times[i], other.times[i]);
  return { ...one, times: [least(0), least(1), least(2)] };
}

/** What the reader says of a text: the number of recipes, and why it was refused. */
export function outcomeOf(text: string, file: string): string {
  const { recipes, findings } = readConfig(text, file);
  const refused = findings.filter(({ code }) => /^too-|bomb|syntax/.test(code)).map(({ code }) => code);
  return [`${recipes.length} recipes`, ...new Set(refused)].join(', ');
}

/** Processor time in ms for a text once, which readers may remember. */
function cost({ config, file, wrap = (text) => text }: Constructs, text: string): number {
  // Readers remember the last few texts.
  for (const end of ['\n', '\n\n', '\n\n\n']) readConfig(wrap(config + end), file);
  return costOfNew(text, file);
}

/** Processor time in ms that a text takes that was not read before: to read it, to plan, and to rewrite its first recipe. */
export function costOfNew(text: string, file: string): number {
  return processorTimeOf(() => {
    const reading = readConfig(text, file);
    const [recipe] = reading.recipes;
    if (!recipe || recipe.alpha > 1e5) return;
    const [plan] = planConfig(text, reading, 0, recipe.alpha * 4).plans;
    if (plan) rewriteConfig(text, reading, 0, recipe.alpha * 4, plan.id);
  });
}

/** The largest growth with each doubling; quadratic time would grow × 4. */
const FACTOR = 2.3;
/** What takes less ms is too short to be measured. */
export const SHORT = 60;

/** Whether time grows faster than the factor with each doubling. */
export function growsTooFast({ times: [small, , large] }: Pick<Growth, 'times'>, factor = FACTOR): boolean {
  return large > SHORT && large > factor ** 2 * Math.max(small, SHORT / factor ** 2);
}

/** The cells of a notebook are a program. */
const inside = (syntax: SyntaxId): SyntaxId => (syntax === 'notebook' ? 'python' : syntax);

/**
 * The most pieces, to a percent or two, with which a text is within the bounds that are checked before parsing, and has at
 * most about so many characters.
 */
export function mostOf(constructs: Constructs, repetition: Repetition, most = Infinity): number {
  const bare: Constructs = { ...constructs, wrap: undefined, syntax: inside(constructs.syntax) };
  const both = constructs.wrap ? [bare, constructs] : [bare];
  const isRead = (count: number): boolean =>
    both.every((one) => {
      const text = repeated(one, repetition, count);
      return text.length <= most && tooLong(text, one.syntax) === null;
    });
  let count = 1;
  while (isRead(2 * count)) count *= 2;
  for (let step = count / 2; step >= 1 && step >= count / 64; step /= 2) if (isRead(count + step)) count += step;
  return count;
}

/** The most pieces, to a half, with which a text is also within the bounds that show as it is read. */
export function mostRead(constructs: Constructs, repetition: Repetition, most: number): number {
  let count = most;
  while (count > 1 && /too-/.test(outcomeOf(repeated(constructs, repetition, count), constructs.file))) {
    count = Math.floor(count / 2);
  }
  return count;
}
