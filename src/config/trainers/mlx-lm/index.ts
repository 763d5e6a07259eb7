import * as l10n from '@vscode/l10n';
import type { Library } from '../../init-code/library';
import type { Unread } from '../../reading';
import { entryAt, nodeAt, type MapNode } from '../../syntax/tree';
import { under } from '../../syntax/table';
import { flagged } from '../shared/command';
import { names, OPTIMIZER_ARGUMENTS, unknownArguments, unknownNear, unread } from '../shared/known';
import { on, resumes, stops, type Trap } from '../shared/trap';
import { dividing } from '../shared/init-code';
import { trainedAdapter } from '../peft/trained-adapter';
import { MLX_NAMES, OLD_MLX_NAMES } from './optimizers';
import type { Layout, Trainer } from '../trainer';
import { field, fixedAt, has, key, onlyIf, says, valueAt } from '../shared/fields';
import type { Default, DefaultOf, Fields, Key } from '../shared/fields';

/** @see https://github.com/ml-explore/mlx-lm/blob/main/mlx_lm/tuner/lora.py */
export const MLX_LIBRARY: Library = { A: ['lora_a'], B: ['lora_b'], arrays: 'mlx' };

const PARAMETERS = 'lora_parameters';
const [RANK, SCALE, ALPHA] = ['rank', 'scale', 'alpha'].map((name) => `${PARAMETERS}.${name}`) as [
  string,
  string,
  string,
];
const DROPOUT = `${PARAMETERS}.dropout`;

/** A map in the file replaces the whole default map (mlx_lm/lora.py: main). */
const isGiven = (root: MapNode): boolean => nodeAt(root, [PARAMETERS])?.kind === 'map';

const isMlx = (root: MapNode): boolean =>
  ['lora', 'dora'].includes(String(valueAt(root, 'fine_tune_type') ?? 'lora')) &&
  // Every key may be set on the command line instead.
  ((says(root, RANK) && says(root, SCALE)) ||
    ((isGiven(root) || says(root, 'fine_tune_type')) &&
      says(root, 'model', 'data', 'num_layers', 'lora_layers', 'iters', 'adapter_path', 'train')));

const isWithoutScale = (root: MapNode): boolean => says(root, ALPHA) && !says(root, SCALE);

/** What mlx-lm's own map of LoRA parameters has; nothing where another one is given. */
const unlessGiven =
  (fallback: Default): DefaultOf =>
  ({ root }) =>
    isGiven(root) ? null : { inWords: l10n.t`${String(fallback.value)} if lora_parameters is not set`, ...fallback };

const argument = (index: number): Key => ({
  ...key(`lr_schedule.arguments.${index}`),
  label: `lr_schedule.arguments[${index}]`,
});

/** The argument of a schedule that is its last rate (mlx/optimizers/schedulers.py). */
const ENDS: Readonly<Record<string, Key>> = { cosine_decay: argument(2), linear_schedule: argument(1) };

/** The layout of a file, in which the last rate of its schedule moves with the first. */
const withEnd = (layout: Layout): Layout => ({
  ...layout,
  inFile: (root) => {
    const end = under(ENDS, String(valueAt(root, 'lr_schedule.name')));
    return end ? { ...layout, linkedRates: [...(layout.linkedRates ?? []), end] } : layout;
  },
});

const FIELDS: Fields = {
  rank: field(RANK, unlessGiven({ value: 8 })),
  useDora: field(key('fine_tune_type', onlyIf('dora', true))),
  learningRate: field([argument(0), 'learning_rate'], 1e-5),
  optimizer: field('optimizer', 'adam'),
  maxGradNorm: fixedAt(0),
  scheduler: field('lr_schedule.name'),
  warmup: field('lr_schedule.warmup'),
  dropout: field(DROPOUT, unlessGiven({ value: 0 })),
  init: fixedAt('uniform'),
  targetModules: field(`${PARAMETERS}.keys`),
};

/** mlx-lm looks this up without a default (mlx_lm/tuner/utils.py: linear_to_lora_layers). */
const missing = (label: string, literal: string): Trap =>
  stops(
    `${PARAMETERS}.rank`,
    l10n.t`${label} is missing. mlx-lm has no default for it if lora_parameters is set, and stops. Set ${label.split('.')[1] ?? ''}: ${literal}.`,
    { when: (root) => isGiven(root) && !says(root, label) },
  );

const TRAPS: readonly Trap[] = [
  ...['lora_rank', 'lora_alpha', 'lora_dropout', 'lora_scale'].map((name) =>
    on(
      name,
      'key-ignored',
      l10n.t`mlx-lm ignores ${name} at the top of the file and reads only lora_parameters. Remove it, or move it there.`,
      { severity: 'warning', when: (root) => says(root, name), isRemovable: true },
    ),
  ),
  missing(DROPOUT, '0.0'),
  on(
    'learning_rate',
    'rate-overridden',
    l10n.t('mlx-lm ignores learning_rate: lr_schedule has its own learning rate, the first of its arguments.'),
    { when: (root) => says(root, 'learning_rate') && has(root, 'lr_schedule.arguments.0'), isRemovable: true },
  ),
  resumes('resume_adapter_file'),
  trainedAdapter(
    l10n.t('mlx-lm saved this file with it'),
    // All arguments are saved, that of the config's own path among them.
    (root) => entryAt(root, ['config'])?.home === 'json' && says(root, 'adapter_path'),
    key(PARAMETERS),
  ),
];

/** Schedules whose rates are read (mlx/optimizers/schedulers.py). */
const SCHEDULES = names([...Object.keys(ENDS), 'exponential_decay', 'step_decay'].join(' '));

/** @see https://github.com/ml-explore/mlx-lm (mlx_lm/tuner/utils.py: linear_to_lora_layers, build_schedule; d78bf58e) */
function notUnderstood(root: MapNode): Unread[] {
  const optimizer = String(valueAt(root, 'optimizer') ?? 'adam');
  const name = entryAt(root, ['lr_schedule', 'name']);
  const isUnknown = name && !SCHEDULES.has(String(valueAt(root, 'lr_schedule.name')));
  return [
    ...unknownArguments(root, {
      [PARAMETERS]: names('alpha dropout keys rank scale'),
      lr_schedule: names('arguments name warmup warmup_init'),
      [`optimizer_config.${optimizer}`]: OPTIMIZER_ARGUMENTS,
    }),
    ...unknownNear(root, {
      '': names(
        `adapter_path learning_rate lora_alpha lora_dropout lora_layers lora_parameters lora_rank lora_scale lr_schedule
        optimizer optimizer_config resume_adapter_file`,
      ),
    }),
    ...(isUnknown
      ? [unread(name, l10n.t('This schedule is unknown; its arguments may hold learning rates.'), true)]
      : []),
  ];
}

const SHARED = {
  // The map replaces the whole default map, so it has to be complete.
  newMaps: { lora_parameters: (name) => (name === null ? { rank: 8, dropout: 0 } : null) },
  linkedRates: [key('lr_schedule.warmup_init')],
  notUnderstood,
  initCode: dividing(MLX_LIBRARY, [
    '# mlx-lm has no hook for this. In mlx_lm/lora.py, in train_model, after print_trainable_parameters(model):',
    'from mlx.utils import tree_flatten, tree_unflatten',
    '',
  ]),
} satisfies Partial<Layout>;

/** @see https://github.com/ml-explore/mlx-lm (mlx_lm/lora.py: CONFIG_DEFAULTS; mlx_lm/tuner/utils.py, mlx_lm/tuner/lora.py) */
const layout: Layout = {
  ...SHARED,
  id: 'mlx-lm',
  optimizers: MLX_NAMES,
  argumentsAt: 'optimizer_config',
  recognise: (root) => isMlx(root) && !isWithoutScale(root),
  scalingRule: 'direct',
  fields: {
    ...FIELDS,
    alpha: field(
      SCALE,
      unlessGiven({
        value: 20,
        why: l10n.t`mlx-lm defaults scale to 20 if lora_parameters is not set (10 before version 0.25.1). It is the scaling itself, whatever the rank.`,
      }),
    ),
  },
  traps: [
    ...TRAPS,
    on(
      ALPHA,
      'key-ignored',
      l10n.t`mlx-lm ignores lora_parameters.alpha: the scaling is scale itself. Only versions up to 0.14.1 (May 2024) scaled by scale · alpha/rank; there as well, a new scale changes the scaling by the same factor. Remove alpha.`,
      { severity: 'warning', when: (root) => says(root, ALPHA), isRemovable: true },
    ),
  ],
};

/** It trained with Adam alone. */
const OLD = l10n.t('mlx-lm up to version 0.21');

/** A file for mlx-lm up to 0.19, which called num_layers `lora_layers`. Those versions ignore optimizer_config. */
const layersLayout: Layout = {
  ...layout,
  id: 'mlx-lm-layers',
  owner: OLD,
  optimizers: OLD_MLX_NAMES,
  recognise: (root) =>
    isMlx(root) &&
    says(root, 'lora_layers') &&
    ['num_layers', 'optimizer', 'optimizer_config'].every((name) => !has(root, name)),
  fields: { ...layout.fields, optimizer: fixedAt('adam') },
};

/** A file with an alpha and no scale, which no version runs; read as it is meant, as scale · alpha / rank. */
const oldLayout: Layout = {
  ...SHARED,
  id: 'mlx-lm-old',
  owner: OLD,
  optimizers: OLD_MLX_NAMES,
  recognise: (root) => isMlx(root) && isWithoutScale(root),
  fields: { ...FIELDS, optimizer: fixedAt('adam'), alpha: field(ALPHA), multiplier: field(SCALE, 10) },
  traps: [
    ...TRAPS,
    stops(
      ALPHA,
      l10n.t`lora_parameters.scale is missing. Every version of mlx-lm stops without it, and alpha does not replace it. Versions up to 0.14.1 scaled by scale · alpha/rank, usually with a scale of 10; later ones by scale alone.`,
      { blocksEdits: true },
    ),
  ],
};

export const mlxLm: Trainer = {
  id: 'mlx-lm',
  name: 'mlx-lm',
  syntaxes: ['yaml', 'json'],
  hint: /\b(?:lora_parameters|fine_tune_type)["']?\s*:/,
  loaders: { yaml: 'yaml.SafeLoader with floats', json: 'json.load' },
  textNumbers: 'fails',
  interpolates: false,
  source: { repository: 'ml-explore/mlx-lm', commit: 'd78bf58e', date: '2026-08-22' },
  commandLine: { program: /\bmlx_lm[._ ]lora\b/, hint: /\bmlx_lm[._ ]lora\b/, config: flagged('config', 'c') },
  programs: ['mlx_lm', 'mlx_lm.lora'],
  owns: /(?:^|[ /\\])mlx_lm(?:[ ./\\]|$)/,
  layouts: [oldLayout, layersLayout, layout].map(withEnd),
};
