import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tooLong } from '../../../src/config/syntax/bounds';
import { repeated, type Constructs, type Repetition } from './constructs';
import { outcomeOf } from './growth';
import type { SyntaxId } from '../../../src/config/reading';
import { readConfig } from '../../../src/config/read';

/** The cells of a notebook are a program. */
const inside = (syntax: SyntaxId): SyntaxId => (syntax === 'notebook' ? 'python' : syntax);

/**
 * The longest text of a repetition, to a percent or two, that is within the bounds that are checked before parsing, and
 * has at most about so many characters.
 */
export function longestOf(constructs: Constructs, repetition: Repetition, most = Infinity): string {
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
  return repeated(constructs, repetition, count);
}

export interface Longest extends Repetition {
  file: string;
  /** In characters. */
  size: number;
  /** Of the first text of a process, in ms by the clock. */
  time: number;
  outcome: string;
}

/** The argument of a process that reads one text: its standard input. */
const COLD = '--cold=';

/** Milliseconds by the clock that the first text of a new process takes, compiling included. */
function coldTime(text: string, file: string): number {
  const printed = execFileSync(process.execPath, [process.argv[1] ?? '', COLD + file], { input: text });
  return Number(printed);
}

/** Reads the text of standard input and prints its time, if this is such a process. */
export function readsCold(args: readonly string[]): boolean {
  const file = args.find((word) => word.startsWith(COLD))?.slice(COLD.length);
  if (file === undefined) return false;
  const text = readFileSync(0, 'utf8');
  const before = performance.now();
  readConfig(text, file);
  console.log(performance.now() - before);
  return true;
}

/** Measures the longest text of a repetition in a new process; a slow one again, since a busy machine is slow too. */
export function atBound(constructs: Constructs, repetition: Repetition, slow: number): Longest {
  const text = longestOf(constructs, repetition);
  let time = coldTime(text, constructs.file);
  for (let tries = 0; tries < 4 && time > slow; tries += 1) time = Math.min(time, coldTime(text, constructs.file));
  return { ...repetition, file: constructs.file, size: text.length, time, outcome: outcomeOf(text, constructs.file) };
}
