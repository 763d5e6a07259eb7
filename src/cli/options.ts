import { Option } from 'commander';
import { TASK_CHOICES } from '../experiment/toy/task-choice';
import { MOST_SEEDS } from '../experiment/variants/draws';
import { PLAN_IDS } from '../recipe/plans/plan';
import { WORKERS } from '../worker/runner';
import { APPENDIX_ALPHAS } from './commands/sweep';
import { oneOf, parseAlpha, parseAlphas, parseScaling, several, wholeNumber, type Parse } from './parse-numbers';

/** What can run exported checks: one process (or torchrun, accelerate), a batch job of SLURM, a sweep of Ray Tune. */
export const ENGINES = ['torch', 'slurm', 'ray'] as const;

const PLANS = `which plan: ${PLAN_IDS.join(' or ')} (default: the best)`;
const RANK = wholeNumber(1, 65_536);

/** Makes an option. @param parse of its value; absent for a switch, and for a name that its command checks */
function option(flags: string, description: string, parse?: Parse<unknown>): () => Option {
  return () => {
    const made = new Option(flags, description);
    return parse ? made.argParser((text: string) => parse(text, made.long ?? flags)) : made;
  };
}

/** Every option a command can have, each said once. */
export const OPTIONS = {
  alpha: option('--alpha <number>', 'the alpha to go to, such as 64 or 1/4', parseAlpha),
  scaling: option('--scaling <number>', 'in place of an alpha: the factor in front of B·A to go to', parseScaling),
  rslora: option('--rslora <on|off>', 'switch rank stabilisation (alpha/√r in place of alpha/r)', oneOf(['on', 'off'])),
  rank: option('--rank <n>', 'the rank; another one than the file has is no change of scaling, and is refused', RANK),
  alphas: () =>
    option('--alphas <list>', 'the alphas to train at, such as 1/4,1,4,16 or 1..64', parseAlphas)().default(
      APPENDIX_ALPHAS,
      '1/4,1,4,16,64,256',
    ),
  plan: option('--plan <id>', PLANS, oneOf(PLAN_IDS)),
  exportAlpha: option(
    '--alpha <numbers>',
    'the alpha to go to, such as 64 or 1/4; with --engine ray also several: 16,32,64',
    parseAlphas,
  ),
  exportPlan: option(
    '--plan <id>',
    `${PLANS}; with --engine ray also several, or all`,
    several(oneOf([...PLAN_IDS, 'all'])),
  ),
  exportRank: option(
    '--rank <numbers>',
    'with --engine ray: the ranks at which each alpha is compared with the baseline',
    several(RANK),
  ),
  engine: option('--engine <name>', `what runs the check: ${ENGINES.join(', ')} (default: torch)`, oneOf(ENGINES)),
  task: () =>
    option(
      '--task <name>',
      'what is trained: linear (one layer), mlp, transformer, or auto for the richest that takes about a second',
      oneOf(TASK_CHOICES),
    )().default('auto'),
  steps: option('--steps <n>', 'how many steps are trained', wholeNumber(1, 100_000)),
  seed: option('--seed <n>', 'the seed all data is drawn from', wholeNumber(0, 2 ** 31 - 1)),
  seeds: option(
    '--seeds <n>',
    `how many draws of the data the verdict must hold for, at once (1 to ${MOST_SEEDS})`,
    wholeNumber(1, MOST_SEEDS),
  ),
  workers: option(
    '--workers <n>',
    `how many workers may train at once, within the number of cores (default: ${WORKERS.usual})`,
    wholeNumber(1, WORKERS.most),
  ),
  backend: () =>
    option(
      '--backend <name>',
      'where it is computed: cpu, wasm or auto',
      oneOf(['cpu', 'wasm', 'auto'], { webgl: 'WebGL needs the panel in VS Code; here it must be cpu, wasm or auto' }),
    )().default('auto'),
  report: option('--report <file.html>', 'also write a report with plots'),
  force: option('--force', 'let --report overwrite a file that is not a report'),
  out: option('--out <file.py>', 'write to this file instead of standard output; with --engine ray a folder'),
  checkpoint: option(
    '--checkpoint',
    'in place of the check: a Python file that converts a checkpoint, with its optimizer state',
  ),
  network: option('--network <name>', 'which adapter of the file, by its name or its number from 1'),
  otherNetwork: option(
    '--other-network <name>',
    'which adapter of the second file, where it is not the one of the first',
  ),
  digits: option('--digits <n>', 'significant digits of the numbers that are written (default: 6)', wholeNumber(1, 17)),
  write: option('--write', 'change the file itself'),
  acceptGuess: option(
    '--accept-guess',
    'let --write change a file of an unknown trainer, whose keys were guessed by their names',
  ),
  json: option('--json', 'print one JSON document, and nothing else'),
} as const;
