import * as l10n from '@vscode/l10n';
import type { ReadRecipe } from '../../config/reading';
import { type MapNode, nodeAt, scalarAt } from '../../config/syntax/tree';
import type { Constants } from '../../recipe/optimizers/constants';
import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { PythonValue } from '../python/literal';
import { refuse } from '../refusal';

type Arguments = Readonly<Record<string, PythonValue>>;

/** A class of torch or transformers that takes the steps of a row of our table. */
interface PythonClass {
  /** What makes it. */
  path: string;
  /** Its name, where `path` is none. Lion is a class of the exported file itself. */
  title?: string;
  /** Arguments that no plan changes. */
  always?: Arguments;
  /** Whether the class has betas, and momentum with Nesterov. */
  betas?: true;
  momentum?: true;
  /** The row's constants as arguments. */
  numbers: (constants: Constants) => Arguments;
  /** Arguments of the row's options, by our names. A switch is a number in the recipe. */
  options?: Readonly<Record<string, string>>;
  switches?: readonly string[];
}

const eps = ({ eps = 0 }: Constants): Arguments => ({ eps });
const AMSGRAD = { options: { amsgrad: 'amsgrad' }, switches: ['amsgrad'] };
const ADAFACTOR: Omit<PythonClass, 'always'> = {
  path: 'transformers.Adafactor',
  // Added to the squared gradient, and the floor of the weights' RMS.
  numbers: ({ eps = 1e-30, epsRms = 1e-3 }) => ({ eps: { tuple: [eps, epsRms] } }),
  options: { clipThreshold: 'clip_threshold', decayRate: 'decay_rate' },
};

/**
 * The rows that the exported file can build.
 * @see https://docs.pytorch.org/docs/stable/optim.html (v2.13)
 * @see https://github.com/huggingface/transformers/blob/v5.24.0/src/transformers/optimization.py (Adafactor)
 */
const CLASSES: Readonly<Record<string, PythonClass>> = {
  adamw: { path: 'torch.optim.AdamW', betas: true, numbers: eps, ...AMSGRAD },
  adam: { path: 'torch.optim.Adam', betas: true, numbers: eps, ...AMSGRAD },
  adamax: { path: 'torch.optim.Adamax', betas: true, numbers: eps },
  nadam: { path: 'torch.optim.NAdam', betas: true, numbers: eps, options: { momentumDecay: 'momentum_decay' } },
  rmsprop: {
    ...{ path: 'torch.optim.RMSprop', momentum: true, numbers: eps },
    ...{ options: { smoothing: 'alpha', centered: 'centered' }, switches: ['centered'] },
  },
  adagrad: {
    path: 'torch.optim.Adagrad',
    numbers: ({ eps = 1e-10, initialAccumulator = 0 }) => ({ eps, initial_accumulator_value: initialAccumulator }),
    options: { lrDecay: 'lr_decay' },
  },
  sgd: { path: 'torch.optim.SGD', momentum: true, numbers: () => ({}), options: { dampening: 'dampening' } },
  'adafactor-hf': { ...ADAFACTOR, always: { scale_parameter: false, relative_step: false } },
  'adafactor-hf-scale': { ...ADAFACTOR, always: { scale_parameter: true, relative_step: false } },
  lion: { path: 'lambda groups, **own: Lion(groups, own)', title: 'Lion', betas: true, numbers: () => ({}) },
};

/** The optimizer of an exported file. */
export interface PythonOptimizer extends Pick<PythonClass, 'path' | 'numbers'> {
  /** Arguments that are the same in every run. */
  constants: Arguments;
  /** What to say where the config names another class of the same rule. */
  note: string | null;
}

/** Classes that have a fused implementation. */
const FUSED: ReadonlySet<string> = new Set(['AdamW', 'Adam', 'SGD', 'Adagrad'].map((name) => `torch.optim.${name}`));

/** Names of classes that are torch's or transformers' own. */
const OWN_CLASS =
  /^(?:torch\.optim\.|transformers\.|adamw_torch|adamw_hf$|sgd$|adafactor$|adagrad$|rmsprop$|[A-Z]\w*$)/;

function cannotBuild(what: string): never {
  return refuse(l10n.t`The exported file cannot build ${what} from torch and transformers alone.`);
}

/**
 * How the exported file builds the optimizer of a recipe.
 * @param settings the map with the optimizer's arguments, or null
 * @throws Refusal if it cannot
 */
export function pythonOptimizer(recipe: ReadRecipe, row: OptimizerRow, settings: MapNode | null): PythonOptimizer {
  const { optimizer } = recipe;
  const { quantized, options: stated } = optimizer;
  const found = CLASSES[row.id] ?? cannotBuild(row.title);
  const { path, title = path, always, betas, momentum, numbers, options = {}, switches = [] } = found;
  const unknown = Object.keys(stated).find((name) => options[name] === undefined);
  if (unknown !== undefined) cannotBuild(`${row.title} (${unknown})`);
  if (nodeAt(settings, ['maximize']) !== null) cannotBuild(`${row.title} (maximize)`);
  const given = Object.entries(stated).map(([name, value]): [string, PythonValue] => [
    options[name] ?? name,
    switches.includes(name) ? value !== 0 : value,
  ]);
  const name = optimizer.name ?? row.title;
  const isOwn = OWN_CLASS.test(name) && !quantized && !/8bit|4bit/.test(name);
  const isFused = /_fused$/.test(name) || (settings && scalarAt(settings, ['fused'])) === true;
  return {
    path,
    constants: {
      ...(betas && { betas: { tuple: optimizer.betas ?? row.defaults.betas ?? [] } }),
      ...(momentum && { momentum: optimizer.momentum ?? row.defaults.momentum ?? 0 }),
      ...(momentum && optimizer.nesterov && { nesterov: true }),
      ...always,
      ...Object.fromEntries(given),
      ...(isFused && FUSED.has(path) && isOwn && { fused: true }),
    },
    numbers,
    note: isOwn
      ? null
      : `${name} is built as ${title}, which has the same rule${quantized ? '; its state has 32 bits here' : ''}.`,
  };
}

/**
 * Schedules that multiply the rate by a share of it and take no argument, by the names that configs have for them.
 * @see https://github.com/huggingface/transformers/blob/v5.24.0/src/transformers/optimization.py
 */
const SCHEDULES = ['linear', 'cosine', 'cosine_with_restarts', 'constant', 'constant_with_warmup', 'inverse_sqrt'];
const FUNCTIONS: Readonly<Record<string, string>> = {
  get_linear_schedule_with_warmup: 'linear',
  get_cosine_schedule_with_warmup: 'cosine',
  get_constant_schedule: 'constant',
  get_constant_schedule_with_warmup: 'constant_with_warmup',
};

/** A warm-up in steps says nothing of a run of other length; a tenth of it warms up in its place. */
const SHARE = 0.1;

/**
 * How the exported file builds the schedule: a name of `transformers.get_scheduler`, and the share of the steps that
 * warms up.
 * @throws Refusal if it cannot
 */
export function scheduleOf(recipe: ReadRecipe, root: MapNode): { name: string; warmup: number } {
  const { scheduler, warmup, unresolved } = recipe;
  const written = unresolved?.scheduler ?? scheduler ?? 'constant';
  const short = written.split('.').at(-1) ?? '';
  const name = FUNCTIONS[short] ?? SCHEDULES.find((known) => known === short);
  if (name === undefined || unresolved?.scheduler !== undefined || nodeAt(root, ['lr_scheduler_kwargs']) !== null) {
    const what = name === undefined ? written : 'lr_scheduler_kwargs';
    refuse(l10n.t`The exported file cannot build the schedule of the config (${what}).`);
  }
  return { name, warmup: warmup === null || warmup <= 0 ? 0 : warmup < 1 ? warmup : SHARE };
}
