import * as l10n from '@vscode/l10n';
import type { ReadRecipe } from '../../config/reading';
import { type MapNode, nodeAt } from '../../config/syntax/tree';
import type { Constants } from '../../recipe/optimizers/constants';
import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { PythonValue } from '../python/literal';

/** A class of torch or transformers that takes the steps of a row of our table. */
interface PythonClass {
  /** What makes it. */
  path: string;
  /** Its name, where `path` is none. Lion is a class of the exported file itself. */
  title?: string;
  /** Arguments that no plan changes. */
  always?: Readonly<Record<string, PythonValue>>;
  /** Whether the class has betas, and momentum with Nesterov. */
  betas?: true;
  momentum?: true;
  /** The row's constants as arguments. */
  numbers: (constants: Constants) => Readonly<Record<string, PythonValue>>;
  /** Arguments of the row's options, by our names. A switch is a number in the recipe. */
  options?: Readonly<Record<string, string>>;
  switches?: readonly string[];
}

const eps = ({ eps = 0 }: Constants): Record<string, PythonValue> => ({ eps });
/** `eps` of transformers' Adafactor: added to the squared gradient, and the floor of the weights' RMS. */
const twoEps = ({ eps = 1e-30, epsRms = 1e-3 }: Constants): Record<string, PythonValue> => ({
  eps: { tuple: [eps, epsRms] },
});
const ADAFACTOR_OPTIONS = { clipThreshold: 'clip_threshold', decayRate: 'decay_rate' };
const AMSGRAD = { options: { amsgrad: 'amsgrad' }, switches: ['amsgrad'] };

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
    path: 'torch.optim.RMSprop',
    momentum: true,
    numbers: eps,
    options: { smoothing: 'alpha', centered: 'centered' },
    switches: ['centered'],
  },
  adagrad: {
    path: 'torch.optim.Adagrad',
    numbers: ({ eps = 1e-10, initialAccumulator = 0 }) => ({ eps, initial_accumulator_value: initialAccumulator }),
    options: { lrDecay: 'lr_decay' },
  },
  sgd: { path: 'torch.optim.SGD', momentum: true, numbers: () => ({}), options: { dampening: 'dampening' } },
  'adafactor-hf': {
    path: 'transformers.Adafactor',
    always: { scale_parameter: false, relative_step: false },
    numbers: twoEps,
    options: ADAFACTOR_OPTIONS,
  },
  'adafactor-hf-scale': {
    path: 'transformers.Adafactor',
    always: { scale_parameter: true, relative_step: false },
    numbers: twoEps,
    options: ADAFACTOR_OPTIONS,
  },
  lion: { path: 'lambda groups, **own: Lion(groups, own)', title: 'Lion', betas: true, numbers: () => ({}) },
};

/** The optimizer of an exported file. */
export interface PythonOptimizer {
  path: string;
  /** Arguments that are the same in every run. */
  constants: Readonly<Record<string, PythonValue>>;
  numbers: PythonClass['numbers'];
  /** What to say where the config names another class of the same rule. */
  note: string | null;
}

/** Classes that have a fused implementation. */
const FUSED: ReadonlySet<string> = new Set(['AdamW', 'Adam', 'SGD', 'Adagrad'].map((name) => `torch.optim.${name}`));

/** Names of classes that are torch's or transformers' own. */
const OWN_CLASS =
  /^(?:torch\.optim\.|transformers\.|adamw_torch|adamw_hf$|sgd$|adafactor$|adagrad$|rmsprop$|[A-Z]\w*$)/;

/**
 * How the exported file builds the optimizer of a recipe.
 * @param settings the map with the optimizer's arguments, or null
 * @returns one sentence if it cannot
 */
export function pythonOptimizer(
  { optimizer }: ReadRecipe,
  row: OptimizerRow,
  settings: MapNode | null,
): PythonOptimizer | { refused: string } {
  const found = CLASSES[row.id];
  const refused = (what: string): { refused: string } => ({
    refused: l10n.t`The exported file cannot build ${what} from torch and transformers alone.`,
  });
  if (!found) return refused(row.title);
  const { path, title = path, always, betas, momentum, numbers, options = {}, switches = [] } = found;
  const unknown = Object.keys(optimizer.options).find((name) => options[name] === undefined);
  if (unknown !== undefined) return refused(`${row.title} (${unknown})`);
  if (nodeAt(settings, ['maximize']) !== null) return refused(`${row.title} (maximize)`);
  const stated = Object.entries(optimizer.options).map(([name, value]): [string, PythonValue] => [
    options[name] ?? name,
    switches.includes(name) ? value !== 0 : value,
  ]);
  const name = optimizer.name ?? row.title;
  const isOwn = OWN_CLASS.test(name) && !optimizer.quantized && !/8bit|4bit/.test(name);
  const isFused = /_fused$/.test(name) || (nodeAt(settings, ['fused']) as { value?: unknown } | null)?.value === true;
  return {
    path,
    constants: {
      ...(betas ? { betas: { tuple: [...(optimizer.betas ?? row.defaults.betas ?? [])] } } : {}),
      ...(momentum ? { momentum: optimizer.momentum ?? row.defaults.momentum ?? 0 } : {}),
      ...(momentum && optimizer.nesterov ? { nesterov: true } : {}),
      ...always,
      ...Object.fromEntries(stated),
      ...(isFused && FUSED.has(path) && isOwn ? { fused: true } : {}),
    },
    numbers,
    note: isOwn
      ? null
      : `${name} is built as ${title}, which has the same rule${optimizer.quantized ? '; its state has 32 bits here' : ''}.`,
  };
}
