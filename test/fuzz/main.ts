import { parseArgs } from 'node:util';
import { fuzz, type Tally } from './fuzz';
import { seedsIn } from './seeds';

/** Texts between two lines of progress. */
const BATCH = 5000;

function main(args: string[]): number {
  const { values } = parseArgs({
    args,
    options: {
      root: { type: 'string', default: '.' },
      runs: { type: 'string', default: '10000' },
      syntax: { type: 'string' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [runs, seed] = [Number(values.runs), Number(values.seed)];
  const chosen = [...seedsIn(values.root)].filter(
    ([syntax]) => values.syntax === undefined || values.syntax === syntax,
  );
  if (!(runs >= 1) || !Number.isInteger(seed) || chosen.length === 0) {
    process.stderr.write('usage: fuzz -- [--runs N a syntax] [--syntax ID] [--seed N]\n');
    return 64;
  }
  let failed = 0;
  for (const [syntax, seeds] of chosen) {
    const tallies: Tally[] = [];
    for (let done = 0; done < runs && !tallies.at(-1)?.broken; done += BATCH) {
      tallies.push(fuzz(syntax, seeds, Math.min(BATCH, runs - done), seed + done));
    }
    process.stdout.write(`${lineOf(tallies)}\n`);
    const broken = tallies.at(-1)?.broken;
    if (!broken) continue;
    failed += 1;
    process.stdout.write(`${broken.why}\n${JSON.stringify(broken.seed)} × ${broken.factor}\n`);
  }
  return failed === 0 ? 0 : 1;
}

function lineOf(tallies: readonly Tally[]): string {
  const sum = (numberOf: (tally: Tally) => number): number => tallies.reduce((all, tally) => all + numberOf(tally), 0);
  const refused = new Map<string, number>();
  for (const tally of tallies) for (const [code, n] of tally.refused) refused.set(code, (refused.get(code) ?? 0) + n);
  const codes = [...refused].toSorted(([, a], [, b]) => b - a).map(([code, n]) => `${code} ${n}`);
  const slowest = Math.max(...tallies.map((tally) => tally.slowest));
  return [
    `${tallies[0]?.syntax}: ${sum(({ texts }) => texts)} texts, ${sum(({ read }) => read)} with a recipe`,
    `${sum(({ rewritten }) => rewritten)} rewrites held, ${codes.length} kinds of refusal (${codes.join(', ')})`,
    `slowest ${slowest.toFixed(0)} ms`,
  ].join('; ');
}

process.exitCode = main(process.argv.slice(2));
