import { parseArgs } from 'node:util';
import { loadersOf } from './ask';
import { ASKED, differential, type Asked, type Tally } from './differential';

const USAGE = 'npm run loaders -- [--runs N a loader] [--loader NAME] [--seed N] [--python PATH]';

/** Texts between two calls of Python. */
const BATCH = 5000;
/** Differences that are shown. */
const SHOWN = 10;

/** Holds our readers against the loaders of Python on many generated texts. Ends with 1 where they differ. */
function main([root = '.', ...args]: readonly string[]): number {
  const { values } = parseArgs({
    args,
    options: {
      runs: { type: 'string', default: '20000' },
      loader: { type: 'string' },
      seed: { type: 'string', default: '1' },
      python: { type: 'string', default: process.env['LORA_ALPHA_PYTHON'] ?? 'python3' },
    },
  });
  const [runs, seed] = [Number(values.runs), Number(values.seed)];
  const chosen = (Object.keys(ASKED) as Asked[]).filter((id) => values.loader === undefined || values.loader === id);
  if (!(runs >= 1) || !Number.isInteger(seed) || chosen.length === 0) {
    process.stderr.write(`usage: ${USAGE}\nloaders: ${Object.keys(ASKED).join(', ')}\n`);
    return 64;
  }
  const known = loadersOf(root, values.python);
  let failed = 0;
  for (const loader of chosen) {
    if (!known.includes(loader)) {
      process.stdout.write(`${loader}: skipped, ${values.python} does not have it\n`);
      continue;
    }
    const tallies: Tally[] = [];
    for (let done = 0; done < runs; done += BATCH) {
      tallies.push(differential(root, values.python, loader, Math.min(BATCH, runs - done), seed + done));
    }
    process.stdout.write(linesOf(tallies));
    failed += tallies.some(({ differ }) => differ.length > 0) ? 1 : 0;
  }
  return failed === 0 ? 0 : 1;
}

function linesOf(tallies: readonly Tally[]): string {
  const sum = (count: 'texts' | 'stops' | 'unread' | 'known' | 'unknown'): number =>
    tallies.reduce((total, tally) => total + tally[count], 0);
  const differ = tallies.flatMap((tally) => tally.differ);
  const share = ((100 * sum('unknown')) / (sum('known') + sum('unknown'))).toFixed(1);
  const head = `${tallies[0]?.loader ?? ''}: ${sum('texts')} texts, ${sum('stops')} refused by both, ${sum('unread')} not read here; ${sum('known')} values, ${share} % unknown; ${differ.length} differ`;
  return `${[head, ...differ.slice(0, SHOWN).map(({ text, how }) => `  ${JSON.stringify(text)}\n  ${how}`)].join('\n')}\n`;
}

process.exitCode = main(process.argv.slice(2));
