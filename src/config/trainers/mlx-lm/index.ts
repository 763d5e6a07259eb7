import * as l10n from '@vscode/l10n';
import { type Library } from '../../init-code/library';
import { flagged } from '../shared/command-line';
import { divideLines } from '../../init-code/divide';
import { MLX_NAMES, OLD_MLX_NAMES } from './optimizers';
import type { Unread } from '../../reading';
import { entryAt, nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { resumes } from '../shared/common-traps';
import { trainedAdapter } from '../peft/trained-adapter';
import { OPTIMIZER_ARGUMENTS } from '../shared/known';
import { MLX, MLX_LORA, MLX_SCHEDULE } from './known';
import { unknownArguments, unknownNear, unread } from '../shared/unknown-keys';
import type { Layout, Trainer } from '../trainer';
import type { Trap } from '../shared/trap';
import { key, type Fields, type Key, type ReadSoFar, type Default, field, fixedAt } from '../shared/fields';
import { under } from '../../syntax/table';

/** @see https://github.com/ml-explore/mlx-lm/blob/main/mlx_lm/tuner/lora.py */
export const MLX_LIBRARY: Library = {
  A: ['lora_a'],
  B: ['lora_b'],
  arrays: 'mlx',
};

const PARAMETERS = key('lora_parameters');
const SCALE = key('lora_parameters.scale');
const ALPHA = key('lora_parameters.alpha');
const RANK = key('lora_parameters.rank');
const DROPOUT = key('lora_parameters.dropout');

const typeOf = (root: MapNode): string => String(scalarAt(root, ['fine_tune_type']) ?? 'lora');
const has = (root: MapNode, { path }: Key): boolean => scalarAt(root, path) !== undefined;
/** A map in the file replaces the whole default map (mlx_lm/lora.py: main). */
const isGiven = (root: MapNode): boolean => nodeAt(root, PARAMETERS.path)?.kind === 'map';

const isMlx = (root: MapNode): boolean =>
  ['lora', 'dora'].includes(typeOf(root)) &&
  // Every key may be set on the command line instead.
  ((has(root, RANK) && has(root, SCALE)) ||
    ((isGiven(root) || scalarAt(root, ['fine_tune_type']) !== undefined) &&
      ['model', 'data', 'num_layers', 'lora_layers', 'iters', 'adapter_path', 'train'].some((name) =>
        has(root, key(name)),
      )));

const isWithoutScale = (root: MapNode): boolean => has(root, ALPHA) && !has(root, SCALE);

/** What mlx-lm's own map of LoRA parameters has; nothing where another one is given. */
const unlessGiven =
  (fallback: Default) =>
  ({ root }: ReadSoFar): Default | null =>
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
    const end = under(ENDS, String(scalarAt(root, ['lr_schedule', 'name'])));
    return end ? { ...layout, linkedRates: [...(layout.linkedRates ?? []), end] } : layout;
  },
});

const FIELDS: Fields = {
  rank: {
    keys: [RANK],
    default: unlessGiven({ value: 8 }),
  },
  useDora: { keys: [key('fine_tune_type', (type) => (type === 'dora' ? true : undefined))] },
  learningRate: {
    keys: [argument(0), key('learning_rate')],
    default: { value: 1e-5 },
    beside: [key('iters'), key('batch_size')],
  },
  optimizer: field('optimizer', 'adam'),
  maxGradNorm: fixedAt({ value: 0 }),
  scheduler: field('lr_schedule.name'),
  warmup: field('lr_schedule.warmup'),
  dropout: {
    keys: [DROPOUT],
    default: unlessGiven({ value: 0 }),
  },
  init: fixedAt({ value: 'uniform' }),
  targetModules: field('lora_parameters.keys'),
};

const flat = (name: string): Trap => ({
  code: 'key-not-read',
  severity: 'warning',
  message: l10n.t`mlx-lm ignores ${name} at the top of the file and reads only lora_parameters. Remove it, or move it there.`,
  applies: (root) => scalarAt(root, [name]) !== undefined,
  at: key(name),
  fixes: [{ title: l10n.t`Remove ${name}`, remove: [key(name)] }],
});

/** mlx-lm looks these up without a default (mlx_lm/tuner/utils.py: linear_to_lora_layers). */
const missing = (where: Key, literal: string): Trap => ({
  code: 'key-missing',
  severity: 'warning',
  message: l10n.t`${where.label} is missing. mlx-lm has no default for it if lora_parameters is set, and stops. Set ${where.label.split('.')[1] ?? ''}: ${literal}.`,
  applies: (root) => isGiven(root) && !has(root, where),
  at: PARAMETERS,
  fixes: [
    { title: l10n.t`Set ${where.label} = ${literal}`, set: [{ key: where, literal, beside: [RANK] }], preferred: true },
  ],
});

const TRAPS: readonly Trap[] = [
  ...['lora_rank', 'lora_alpha', 'lora_dropout', 'lora_scale'].map(flat),
  missing(DROPOUT, '0.0'),
  {
    code: 'rate-overridden',
    severity: 'info',
    message: l10n.t('mlx-lm ignores learning_rate: lr_schedule has its own learning rate, the first of its arguments.'),
    applies: (root) => has(root, key('learning_rate')) && nodeAt(root, ['lr_schedule', 'arguments', '0']) !== null,
    at: key('learning_rate'),
    fixes: [{ title: l10n.t('Remove learning_rate'), remove: [key('learning_rate')] }],
  },
  resumes('resume_adapter_file'),
  trainedAdapter(
    l10n.t('mlx-lm saved this file with it'),
    // All arguments are saved, that of the config's own path among them.
    (root) => entryAt(root, ['config'])?.home === 'json' && has(root, key('adapter_path')),
    PARAMETERS,
  ),
];

/** Schedules whose rates are read (mlx/optimizers/schedulers.py). */
const SCHEDULES: ReadonlySet<string> = new Set([...Object.keys(ENDS), 'exponential_decay', 'step_decay']);

function notUnderstood(root: MapNode): Unread[] {
  const optimizer = String(scalarAt(root, ['optimizer']) ?? 'adam');
  const name = entryAt(root, ['lr_schedule', 'name']);
  const isKnown = !name || SCHEDULES.has(String(scalarAt(root, ['lr_schedule', 'name'])));
  return [
    ...unknownArguments(root, {
      lora_parameters: MLX_LORA,
      lr_schedule: MLX_SCHEDULE,
      [`optimizer_config.${optimizer}`]: OPTIMIZER_ARGUMENTS,
    }),
    ...unknownNear(root, { '': MLX }),
    ...(isKnown
      ? []
      : [
          {
            ...unread(name, l10n.t('This schedule is unknown; its arguments may hold learning rates.')),
            mayMove: true as const,
          },
        ]),
  ];
}

const SHARED = {
  // The map replaces the whole default map, so it has to be complete.
  newMaps: { lora_parameters: (name) => (name === null ? { rank: 8, dropout: 0 } : null) },
  linkedRates: [key('lr_schedule.warmup_init')],
  notUnderstood,
  initCode: (start) =>
    [
      '# mlx-lm has no hook for this. In mlx_lm/lora.py, in train_model, after print_trainable_parameters(model):',
      'from mlx.utils import tree_flatten, tree_unflatten',
      '',
      ...divideLines(MLX_LIBRARY, start),
      '',
    ].join('\n'),
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
    alpha: {
      keys: [SCALE],
      default: unlessGiven({
        value: 20,
        why: l10n.t(
          'mlx-lm defaults scale to 20 if lora_parameters is not set (10 before version 0.25.1). It is the scaling itself, whatever the rank.',
        ),
      }),
      beside: [RANK, DROPOUT],
    },
  },
  traps: [
    ...TRAPS,
    {
      code: 'key-not-read',
      severity: 'warning',
      message: l10n.t(
        'mlx-lm ignores lora_parameters.alpha: the scaling is scale itself. Only versions up to 0.14.1 (May 2024) scaled by scale · alpha/rank; there as well, a new scale changes the scaling by the same factor. Remove alpha.',
      ),
      applies: (root) => has(root, ALPHA),
      at: ALPHA,
      fixes: [{ title: l10n.t('Remove lora_parameters.alpha'), remove: [ALPHA], preferred: true }],
    },
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
    has(root, key('lora_layers')) &&
    ['num_layers', 'optimizer', 'optimizer_config'].every((name) => nodeAt(root, [name]) === null),
  fields: { ...layout.fields, optimizer: fixedAt({ value: 'adam' }) },
};

const OLD_SCALE = 10;

/** A file with an alpha and no scale, which no version runs; read as it is meant, as scale · alpha / rank. */
const oldLayout: Layout = {
  ...SHARED,
  id: 'mlx-lm-old',
  owner: OLD,
  optimizers: OLD_MLX_NAMES,
  recognise: (root) => isMlx(root) && isWithoutScale(root),
  fields: {
    ...FIELDS,
    optimizer: fixedAt({ value: 'adam' }),
    alpha: { keys: [ALPHA], beside: [RANK] },
    multiplier: {
      keys: [SCALE],
      default: { value: OLD_SCALE },
    },
  },
  traps: [
    ...TRAPS,
    {
      ...missing(SCALE, '10.0'),
      code: 'scale-missing',
      message: l10n.t(
        'lora_parameters.scale is missing. Every version of mlx-lm stops without it, and alpha does not replace it. Versions up to 0.14.1 scaled by scale · alpha/rank, usually with a scale of 10; later ones by scale alone.',
      ),
      at: ALPHA,
      blocksEdits: true,
    },
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
