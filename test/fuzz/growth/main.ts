import { CONSTRUCTS, type Repetition } from './constructs';
import { growsTooFast, growthOf, type Growth } from './growth';

/** Characters of the largest text; the second is only read where the first was quick. */
const LENGTHS = [32_000, 256_000];
/** What is worth a line, in ms. */
const SLOW = 100;

function lineOf(growth: Growth): string {
  const { file, once, pieces, size, times, outcome } = growth;
  const [small, middle, large] = times.map((time) => time.toFixed(0).padStart(6));
  const kb = `${Math.round(size / 1000)} kB`.padStart(8);
  const mark = growsTooFast(growth) ? ` × ${(times[2] / times[0]).toFixed(1)}` : '';
  return `${file.padEnd(12)}${kb}${small}${middle}${large} ms  ${outcome}  ${once === undefined ? '' : `${JSON.stringify(once)} + `}${JSON.stringify(pieces)}${mark}`;
}

/**
 * `npm run growth -- [FILE…] [--pairs]`: processor time for texts of n, 2n and 4n pieces. Prints those that are slow, or
 * grow faster than × 2.3 with each doubling. Pairs: two pieces in turn, and one behind another that is there once.
 */
function main(args: readonly string[]): void {
  const files = args.filter((word) => word !== '--pairs');
  const isWanted = (file: string): boolean => files.length === 0 || files.includes(file);
  let count = 0;
  for (const constructs of CONSTRUCTS.filter(({ file }) => isWanted(file))) {
    const { pieces } = constructs;
    const singles = pieces.map((piece): Repetition => ({ pieces: [piece] }));
    const pairs = pieces.flatMap((one) =>
      pieces.flatMap((other): Repetition[] => [{ pieces: [one, other] }, { once: one, pieces: [other] }]),
    );
    for (const some of args.includes('--pairs') ? pairs : singles) {
      for (const length of LENGTHS) {
        const growth = growthOf(constructs, some, length, 1);
        count += 1;
        const isSlow = growth.times[2] > SLOW || growsTooFast(growth);
        if (isSlow) console.log(lineOf(growth));
        if (isSlow) break;
      }
    }
  }
  console.log(`${count} measured`);
}

main(process.argv.slice(2));
