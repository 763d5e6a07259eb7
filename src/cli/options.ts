import { Option } from 'commander';
import { TARGETS } from '../adapter/layouts/places';
import { TASK_CHOICES } from '../experiment/toy/task-choice';
import { MOST_SEEDS } from '../experiment/variants/draws';
import { PLAN_IDS } from '../recipe/plans/plan';
import { WORKERS } from '../worker/runner';
import { parseEngines } from './adapter/audit';
import { parseAlphaOrRank, parseDtype, parseShare } from './adapter/convert';
import { oneOf, parseAlpha, parseAlphas, parseScaling, several, wholeNumber, type Parse } from './parse-numbers';

/** What can run exported checks: one process (or torchrun, accelerate), a batch job of SLURM, a sweep of Ray Tune. */
export const ENGINES = ['torch', 'slurm', 'ray'] as const;

/** How lint can say it. */
export const FORMATS = ['text', 'json', 'sarif', 'github'] as const;

const ALPHA = 'the alpha to go to, such as 64 or 1/4';
/** By default those of the appendix this project began with. */
const ALPHAS = 'the alphas to train at, such as 1/4,1,4,16 or 1..64';
const PLANS = `which plan: ${PLAN_IDS.join(' or ')} (default: the best)`;
const TASKS = 'linear (one layer), mlp, transformer, or auto: the richest that takes about a second';
const FORMATTED = 'text, json, sarif, or github: annotations, and a summary in the file of GITHUB_STEP_SUMMARY';
const BACKENDS = oneOf(['cpu', 'wasm', 'auto'], {
  webgl: 'WebGL needs the panel in VS Code; here it must be cpu, wasm or auto',
});
const RANK = wholeNumber(1, 65_536);

/** Flags, description, and how a value is read: nothing for a switch, and for a name that its command checks. */
type Row = readonly [flags: string, description: string, parse?: Parse<unknown>, usual?: unknown, usualText?: string];

const ROWS = {
  alpha: ['--alpha <number>', ALPHA, parseAlpha],
  scaling: ['--scaling <number>', 'in place of an alpha: the factor in front of B·A to go to', parseScaling],
  rslora: ['--rslora <on|off>', 'switch rank stabilisation (alpha/√r in place of alpha/r)', oneOf(['on', 'off'])],
  rank: ['--rank <n>', 'the rank; another one than the file has is no change of scaling, and is refused', RANK],
  rewriteRank: ['--rank <n>', 'in place of an alpha: another rank by a rule, which is not the same run', RANK],
  rule: ['--rule <id>', 'with --rank: which rule (default: the recommended one)'],
  rankTo: ['--rank <n>', 'the rank to go to', RANK],
  thorough: ['--thorough', 'more draws and learning rates: some minutes in place of seconds'],
  noMeasure: ['--no-measure', 'the rules alone, at once, without a test model'],
  ranRanks: ['--run', 'the files are recordings of your own runs at two ranks, several learning rates each'],
  alphas: ['--alphas <list>', ALPHAS, parseAlphas, [1 / 4, 1, 4, 16, 64, 256], '1/4,1,4,16,64,256'],
  plan: ['--plan <id>', PLANS, oneOf(PLAN_IDS)],
  exportAlpha: ['--alpha <numbers>', `${ALPHA}; with --engine ray also several: 16,32,64`, parseAlphas],
  exportPlan: ['--plan <id>', `${PLANS}; with --engine ray also several, or all`, several(oneOf([...PLAN_IDS, 'all']))],
  exportRank: ['--rank <numbers>', 'with --engine ray: the ranks at which each alpha is checked', several(RANK)],
  engine: ['--engine <name>', `what runs the check: ${ENGINES.join(', ')} (default: torch)`, oneOf(ENGINES)],
  task: ['--task <name>', TASKS, oneOf(TASK_CHOICES), 'auto'],
  steps: ['--steps <n>', 'how many steps are trained', wholeNumber(1, 100_000)],
  seed: ['--seed <n>', 'the seed all data is drawn from', wholeNumber(0, 2 ** 31 - 1)],
  seeds: ['--seeds <n>', 'how many draws of the data the verdict must hold for, at once', wholeNumber(1, MOST_SEEDS)],
  workers: ['--workers <n>', `how many may train at once (default: ${WORKERS.usual})`, wholeNumber(1, WORKERS.most)],
  backend: ['--backend <name>', 'where it is computed: cpu, wasm or auto', BACKENDS, 'auto'],
  report: ['--report <file.html>', 'also write a report with plots'],
  force: ['--force', 'let --report overwrite a file that is not a report'],
  out: ['--out <file.py>', 'write to this file instead of standard output; with --engine ray a folder'],
  checkpoint: ['--checkpoint', 'not a check: a Python file that converts a checkpoint with its optimizer state'],
  network: ['--network <name>', 'which adapter of the file, by its name or its number from 1'],
  otherNetwork: ['--other-network <name>', 'which adapter of the second file, where it is not the one of the first'],
  digits: ['--digits <n>', 'significant digits of the numbers that are written (default: 6)', wholeNumber(1, 17)],
  write: ['--write', 'change the file itself'],
  inPlace: ['--in-place', 'let --write write through the file: links and attributes stay, but not in one step'],
  noCode: ['--no-code', 'leave the code that a plan needs, and the line that names it, to you'],
  all: ['--all', 'show every plan, not the best alone'],
  quiet: ['--quiet', 'print nothing but errors, JSON, diffs and exported files'],
  acceptGuess: ['--accept-guess', 'let --write change a file of an unknown trainer, whose keys are guessed'],
  portable: ['--portable', 'the form that every engine reads alike: the scaling in B, one rank, alpha = rank'],
  adapterAlpha: ['--alpha <number|rank>', 'the alpha to write; B changes, so that ΔW stays', parseAlphaOrRank],
  adapterScaling: ['--scaling <number>', 'the scaling to write; B changes, so that ΔW stays', parseScaling],
  adapterRank: ['--rank <n>', 'a larger rank adds rows that do nothing, a smaller one keeps the most', RANK],
  keep: ['--keep <share>', 'the smallest rank that keeps such a share of the energy of each module: 99%', parseShare],
  to: ['--to <layout>', `the layout to write: ${TARGETS.join(', ')}`, oneOf(TARGETS)],
  dtype: ['--dtype <type>', 'f32, f16 or bf16', parseDtype],
  assumeAlpha: ['--assume-alpha <number|rank>', 'the alpha of the training, where nothing says it', parseAlphaOrRank],
  adapterOut: ['--out <path>', 'where the converted adapter goes: a folder for PEFT and mlx, else a .safetensors file'],
  replace: ['--in-place', 'replace the adapter itself'],
  audit: ['--audit', 'every engine, also those that are right, with sources'],
  adapterEngine: ['--engine <names>', 'what these make of it: vllm@0.31.0,llama.cpp; 1 if one is wrong', parseEngines],
  measure: ['--measure', 'measure norm and spectrum of ΔW also where that takes a while'],
  base: ['--base <revision>', 'hold each config against what it was where this change parted from that revision'],
  format: ['--format <name>', FORMATTED, oneOf(FORMATS), 'text'],
  run: ['--run <recording>', 'a recording of the run of this file (see record), which is held against what was read'],
  runSteps: ['--steps <n>', 'how many optimizer steps are recorded', wholeNumber(1, 100_000), 20],
  keepGoing: ['--keep-going', 'let the program train on when the steps are recorded; otherwise it is ended'],
  recording: ['--out <file.json>', 'where the recording goes (default: run.json)'],
  printEnv: ['--print-env', 'print the two variables that start the recorder, for a batch script or a container'],
  from: ['--from <alpha>', 'the alpha of the run, where no file says it (default: of the recording)', parseAlpha],
  timeout: ['--timeout <seconds>', 'end a run that takes longer', wholeNumber(1, 1_000_000)],
  trialFolder: ['--out <folder>', 'keep all recordings and the verdict in this folder'],
  json: ['--json', 'print one JSON document, and nothing else'],
} as const satisfies Record<string, Row>;

/** Every option a command can have, each said once. */
export type OptionName = keyof typeof ROWS;
export const OPTION_NAMES = Object.keys(ROWS) as OptionName[];

export function optionOf(name: OptionName): Option {
  const [flags, description, parse, usual, usualText]: Row = ROWS[name];
  const option = new Option(flags, description);
  if (parse) option.argParser((text: string) => parse(text, option.long ?? flags));
  return usual === undefined ? option : option.default(usual, usualText);
}
