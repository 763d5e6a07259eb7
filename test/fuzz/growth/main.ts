import { atBound, readsCold } from './at-bound';
import { CONSTRUCTS, type Constructs, type Repetition } from './constructs';
import { growsTooFast, growthOf, smaller, type Growth } from './growth';

/** Characters of the largest text; the second is only read where the first was quick. */
const LENGTHS = [32_000, 256_000];
/** What is worth a line, in ms. */
const SLOW = 100;
/** What a text within the bounds may take, in ms. */
const SLOW_AT_BOUND = 250;

interface Words extends Repetition {
  file: string;
  size: number;
  outcome: string;
}

function lineOf({ file, once, pieces, size, outcome }: Words, times: readonly number[], mark: string): string {
  const shown = times.map((time) => time.toFixed(0).padStart(6)).join('');
  const kb = `${Math.round(size / 1000)} kB`.padStart(8);
  const first = once === undefined ? '' : `${JSON.stringify(once.slice(0, 60))} + `;
  return `${file.padEnd(12)}${kb}${shown} ms  ${outcome}  ${first}${JSON.stringify(pieces)}${mark}`;
}

/** Prints what is slow, or grows too fast even when it is measured again. */
function printGrowth(constructs: Constructs, repetition: Repetition): void {
  for (const length of LENGTHS) {
    const again = (tries: number): Growth => growthOf(constructs, repetition, length, tries);
    let growth = again(1);
    if (growsTooFast(growth)) growth = smaller(growth, again(3));
    const isTooFast = growsTooFast(growth);
    if (!isTooFast && growth.times[2] <= SLOW) continue;
    const mark = isTooFast ? ` × ${(growth.times[2] / growth.times[0]).toFixed(1)}` : '';
    console.log(lineOf(growth, growth.times, mark));
    return;
  }
}

/** All pairs of pieces: in turn, and one behind another that is there once. */
function pairsOf({ pieces }: Constructs): Repetition[] {
  return pieces.flatMap((one) =>
    pieces.flatMap((other): Repetition[] => [{ pieces: [one, other] }, { once: one, pieces: [other] }]),
  );
}

/**
 * `npm run growth -- [FILE…] [--pairs] [--bound] [--part=1/4]`: processor time for texts of n, 2n and 4n pieces. Prints
 * those that are slow, or grow faster than × 2.3 with each doubling. Pairs: two pieces in turn, and one behind another
 * that is there once. Bound: of each, the longest text that is read, as the first
 * of a new process. Part: the first of four shares of the work.
 */
function main(args: readonly string[]): void {
  const files = args.filter((word) => !word.startsWith('--'));
  const [part = 1, parts = 1] = (/^--part=(\d+)\/(\d+)$/m.exec(args.join('\n')) ?? []).slice(1).map(Number);
  for (const constructs of CONSTRUCTS.filter(({ file }) => files.length === 0 || files.includes(file))) {
    const singles = [
      ...constructs.pieces.map((piece): Repetition => ({ pieces: [piece] })),
      ...(constructs.known ?? []),
    ];
    const all = args.includes('--pairs') ? pairsOf(constructs) : singles;
    const mine = all.filter((_, i) => i % parts === part - 1);
    let worst = 0;
    for (const one of mine) {
      if (!args.includes('--bound')) printGrowth(constructs, one);
      else {
        const longest = atBound(constructs, one, SLOW_AT_BOUND);
        worst = Math.max(worst, longest.time);
        if (longest.time > SLOW_AT_BOUND) console.log(lineOf(longest, [longest.time], ''));
      }
    }
    console.log(`${constructs.file}: ${mine.length} measured${worst > 0 ? `, at most ${worst.toFixed(0)} ms` : ''}`);
  }
}

const args = process.argv.slice(2);
if (!readsCold(args)) main(args);
