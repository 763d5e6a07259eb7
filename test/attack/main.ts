import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { cpu } from '../../src/experiment/backends/cpu';
import { wasm } from '../../src/experiment/backends/wasm';
import type { RunOptions } from '../../src/experiment/run';
import { quiet } from '../unit/experiment/support/lab';
import { attack } from './attack';
import { cases } from './cases';
import { count, emptyTally, type Tally } from './tally';

/** The bundle is in .cache/, so the root is one folder up. */
const ROOT = join(__dirname, '..');
const RESULTS = join(ROOT, 'docs/verdict/measured.json');

const USAGE = 'attack -- [--runs N] [--steps N] [--backend wasm|cpu] [--json] [--save]';

const options: RunOptions = { ...quiet, assets: join(ROOT, 'node_modules/@tensorflow/tfjs-backend-wasm/dist') };

/** Checks at least so many plans, right and wrong, and says how often the verdict was fooled. */
async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      runs: { type: 'string', default: '3000' },
      steps: { type: 'string', default: '60' },
      backend: { type: 'string', default: 'wasm' },
      json: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
    },
  });
  const [runs, steps] = [Number(values.runs), Number(values.steps)];
  const backend = [wasm, cpu].find(({ id }) => id === values.backend)?.id;
  if (!(runs >= 1) || !(Number.isInteger(steps) && steps >= 1) || !backend) return fail(`usage: ${USAGE}`);
  const command = `npm run attack -- ${args.join(' ')}`.trimEnd();
  const tally = emptyTally(command, backend, steps);
  for (const one of cases({ backend, steps })) {
    if (tally.plans >= runs) break;
    count(tally, await attack(one, options));
    if (process.stderr.isTTY) process.stderr.write(`\r${tally.plans} of ${runs}`);
  }
  if (process.stderr.isTTY) process.stderr.write('\n');
  if (values.save) {
    mkdirSync(dirname(RESULTS), { recursive: true });
    writeFileSync(RESULTS, `${JSON.stringify(tally, null, 2)}\n`);
  }
  process.stdout.write(values.json ? `${JSON.stringify(tally, null, 2)}\n` : textOf(tally));
  return tally.fooled.length === 0 ? 0 : 1;
}

/** One line a kind of plan. */
function textOf({ counts, fooled, plans, problems }: Tally): string {
  const kinds = new Map<string, Map<string, number>>();
  for (const { plan, inRule, undecided, identical, equivalent, different, untested } of counts) {
    const name = inRule ? `${plan}, in the rule` : plan;
    const sums = kinds.get(name) ?? new Map<string, number>();
    const reasons = Object.entries(undecided).map(([reason, n]) => [`undecided (${reason})`, n] as const);
    for (const [outcome, n] of [...Object.entries({ identical, equivalent, different, untested }), ...reasons]) {
      if (n > 0) sums.set(outcome, (sums.get(outcome) ?? 0) + n);
    }
    kinds.set(name, sums);
  }
  const lines = [...kinds].map(([name, sums]) => `${name}: ${[...sums].map(([of, n]) => `${n} ${of}`).join(', ')}`);
  return [...lines, `${plans} plans on ${problems} problems; fooled ${fooled.length} times`, ...fooled, ''].join('\n');
}

function fail(message: string): number {
  process.stderr.write(`attack: ${message}\n`);
  return 64;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => (process.exitCode = fail(error instanceof Error ? error.message : String(error))),
);
