import { Option } from 'commander';
import { MOST_SEEDS } from '../experiment/variants/draws';
import { TASK_CHOICES } from '../experiment/toy/task-choice';
import { WORKERS } from '../worker/runner';
import { PLAN_IDS } from '../recipe/plans/plan';
import { APPENDIX_ALPHAS } from './commands/sweep';
import { oneOf, parseAlpha, parseAlphas, parseScaling, several, wholeNumber } from './parse-numbers';

/**
 * What can run exported checks: one process (or torchrun, accelerate), a batch job of SLURM, a sweep of Ray Tune.
 */
export const ENGINES = ['torch', 'slurm', 'ray'] as const;

/** Every option a command can have, each said once. */
export const OPTIONS = {
  alpha: () => new Option('--alpha <number>', 'the alpha to go to, such as 64 or 1/4').argParser(parseAlpha),
  scaling: () =>
    new Option('--scaling <number>', 'in place of an alpha: the factor in front of B·A to go to').argParser(
      parseScaling,
    ),
  rslora: () =>
    new Option('--rslora <on|off>', 'switch rank stabilisation (alpha/√r in place of alpha/r)').argParser(
      oneOf('--rslora', ['on', 'off']),
    ),
  rank: () =>
    new Option(
      '--rank <n>',
      'the rank; another one than the file has is no change of scaling, and is refused',
    ).argParser(wholeNumber('--rank', 1, 65_536)),
  alphas: () =>
    new Option('--alphas <list>', 'the alphas to train at, such as 1/4,1,4,16 or 1..64')
      .argParser((text) => parseAlphas(text))
      .default(APPENDIX_ALPHAS, '1/4,1,4,16,64,256'),
  plan: () =>
    new Option('--plan <id>', `which plan: ${PLAN_IDS.join(' or ')} (default: the best)`).argParser(
      oneOf('--plan', PLAN_IDS),
    ),
  exportAlpha: () =>
    new Option(
      '--alpha <numbers>',
      'the alpha to go to, such as 64 or 1/4; with --engine ray also several: 16,32,64',
    ).argParser((text: string) => parseAlphas(text, '--alpha')),
  exportPlan: () =>
    new Option(
      '--plan <id>',
      `which plan: ${PLAN_IDS.join(' or ')} (default: the best); with --engine ray also several, or all`,
    ).argParser(several(oneOf('--plan', [...PLAN_IDS, 'all']))),
  exportRank: () =>
    new Option(
      '--rank <numbers>',
      'with --engine ray: the ranks at which each alpha is compared with the baseline',
    ).argParser(several(wholeNumber('--rank', 1, 65_536))),
  engine: () =>
    new Option('--engine <name>', `what runs the check: ${ENGINES.join(', ')} (default: torch)`).argParser(
      oneOf('--engine', ENGINES),
    ),
  task: () =>
    new Option(
      '--task <name>',
      'what is trained: linear (one layer), mlp, transformer, or auto for the richest that takes about a second',
    )
      .argParser(oneOf('--task', TASK_CHOICES))
      .default('auto'),
  steps: () => new Option('--steps <n>', 'how many steps are trained').argParser(wholeNumber('--steps', 1, 100_000)),
  seed: () =>
    new Option('--seed <n>', 'the seed all data is drawn from').argParser(wholeNumber('--seed', 0, 2 ** 31 - 1)),
  seeds: () =>
    new Option(
      '--seeds <n>',
      `how many draws of the data the verdict must hold for, at once (1 to ${MOST_SEEDS})`,
    ).argParser(wholeNumber('--seeds', 1, MOST_SEEDS)),
  workers: () =>
    new Option(
      '--workers <n>',
      `how many workers may train at once, within the number of cores (default: ${WORKERS.usual})`,
    ).argParser(wholeNumber('--workers', 1, WORKERS.most)),
  backend: () =>
    new Option('--backend <name>', 'where it is computed: cpu, wasm or auto')
      .argParser(
        oneOf('--backend', ['cpu', 'wasm', 'auto'], {
          webgl: 'WebGL needs the panel in VS Code; here it must be cpu, wasm or auto',
        }),
      )
      .default('auto'),
  report: () => new Option('--report <file.html>', 'also write a report with plots'),
  force: () => new Option('--force', 'let --report overwrite a file that is not a report'),
  out: () => new Option('--out <file.py>', 'write to this file instead of standard output; with --engine ray a folder'),
  checkpoint: () =>
    new Option(
      '--checkpoint',
      'in place of the check: a Python file that converts a checkpoint, with its optimizer state',
    ),
  network: () => new Option('--network <name>', 'which adapter of the file, by its name or its number from 1'),
  otherNetwork: () =>
    new Option('--other-network <name>', 'which adapter of the second file, where it is not the one of the first'),
  digits: () =>
    new Option('--digits <n>', 'significant digits of the numbers that are written (default: 6)').argParser(
      wholeNumber('--digits', 1, 17),
    ),
  write: () => new Option('--write', 'change the file itself'),
  acceptGuess: () =>
    new Option(
      '--accept-guess',
      'let --write change a file of an unknown trainer, whose keys were guessed by their names',
    ),
  json: () => new Option('--json', 'print one JSON document, and nothing else'),
} as const;
