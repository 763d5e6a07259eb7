import { CONSTRUCTS, type Constructs, type Repetition } from './constructs';
import {
  costOfNew,
  growsTooFast,
  growthOf,
  mostOf,
  mostRead,
  outcomeOf,
  SHORT,
  smaller,
  textsOf,
  type Growth,
} from './growth';
import { pairsOf, repeated, repetitionsIn, singlesOf } from './repetitions';

/**
 * Characters of the largest text; the second is only read where the first was quick. What is refused as it is read is
 * also measured with as many pieces as are not.
 */
const LENGTHS = [32_000, 256_000];
/** What is worth a line, in ms. */
const SLOW = 100;

function lineOf({ file, once, pieces, size, outcome }: Omit<Growth, 'times'>, times: readonly number[]): string {
  const shown = times.map((time) => time.toFixed(0).padStart(6)).join('');
  const kb = `${Math.round(size / 1000)} kB`.padStart(8);
  const first = once === undefined ? '' : `${JSON.stringify(once.slice(0, 60))} + `;
  return `${file.padEnd(12)}${kb}${shown} ms  ${outcome}  ${first}${JSON.stringify(pieces)}`;
}

/** What is slow, or grows too fast even when it is measured again. Most are quick: one look at the large text says so. */
function growing(constructs: Constructs, repetition: Repetition): string | null {
  const { file } = constructs;
  const counts = LENGTHS.map((length) => mostOf(constructs, repetition, length));
  const most = counts.at(-1) ?? 1;
  for (const count of new Set([...counts, mostRead(constructs, repetition, most)])) {
    const [small = '', , large = ''] = textsOf(constructs, repetition, count);
    const first = costOfNew(large, file);
    if (first < SHORT) continue;
    const again = (tries: number): Growth => growthOf(constructs, repetition, count, tries);
    if (growsTooFast({ times: [costOfNew(small, file), NaN, first] })) {
      const growth = smaller(again(1), again(3));
      const { times } = growth;
      if (growsTooFast(growth)) return `${lineOf(growth, times)} × ${(times[2] / times[0]).toFixed(1)}`;
    }
    if (first > SLOW)
      return lineOf({ ...repetition, file, size: large.length, outcome: outcomeOf(large, file) }, [first]);
  }
  return null;
}

/** The longest text that is read, if it is slow. */
function atBound(constructs: Constructs, repetition: Repetition): string | null {
  const { file } = constructs;
  const text = repeated(constructs, repetition, mostOf(constructs, repetition));
  const time = Math.min(costOfNew(text, file), costOfNew(`${text} `, file));
  const outcome = outcomeOf(text, file);
  return time > SLOW ? lineOf({ ...repetition, file, size: text.length, outcome }, [time]) : null;
}

/**
 * `npm run growth -- [FILE…] [--pairs] [--bound] [--part=1/4]`: processor time for texts of n, 2n and 4n pieces, or items of
 * each place. Prints those that are slow, or grow faster than × 2.3 with each doubling. Pairs: two pieces or items in turn,
 * and one behind another that is there once. Bound: of each, the longest text that is read. Part: the first of four
 * shares of the work. README.md says when to run what.
 */
function main(args: readonly string[]): void {
  const files = args.filter((word) => !word.startsWith('--'));
  const [part = 1, parts = 1] = (/^--part=(\d+)\/(\d+)$/m.exec(args.join('\n')) ?? []).slice(1).map(Number);
  for (const constructs of CONSTRUCTS.filter(({ file }) => files.length === 0 || files.includes(file))) {
    const all = args.includes('--pairs')
      ? pairsOf(constructs)
      : [...singlesOf(constructs), ...repetitionsIn(constructs)];
    const mine = all.filter((_, i) => i % parts === part - 1);
    const measure = args.includes('--bound') ? atBound : growing;
    for (const one of mine) {
      const line = measure(constructs, one);
      if (line !== null) console.log(line);
    }
    console.log(`${constructs.file}: ${mine.length} measured`);
  }
}

main(process.argv.slice(2));
