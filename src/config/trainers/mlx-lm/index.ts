import * as l10n from '@vscode/l10n';
import { dividing, type Library } from '../../init-code/divide';
import { argumentOf, type OptimizerNames, type OptimizerRule } from '../../optimizers/word';
import type { ReadField } from '../../reading';
import { under } from '../../syntax/table';
import { entryAt, nodeAt, type MapNode } from '../../syntax/tree';
import { trainedAdapter } from '../peft/trained-adapter';
import { flagged } from '../shared/command';
import { field, fixedAt, has, isFilled, isMap, key, onlyIf, says, valueAt, wordAt } from '../shared/fields';
import type { Default, DefaultOf, Fields, Key, Source } from '../shared/fields';
import { unread, type KnownKeys } from '../shared/known';
import { on, resumes, stops, unclear, type Trap } from '../shared/trap';
import type { Layout, Trainer } from '../trainer';

/** Arguments of an optimizer, under `optimizer_config.<name>`. */
function at(optimizer: string, ...fields: readonly ReadField[]): Fields {
  const keysOf = (name: ReadField): Source['keys'] =>
    field(`optimizer_config.${optimizer}.${argumentOf(undefined, name)}`).keys;
  const beside = (['weightDecay', 'eps', 'betas', 'momentum'] as const).flatMap(keysOf);
  return Object.fromEntries(fields.map((name) => [name, { keys: keysOf(name), beside }]));
}

const NO_DECAY: Default = { value: 0, why: l10n.t("MLX's Adam has no weight decay.") };
const DECAYING_MUON = {
  unknown: l10n.t`MLX's Muon adds its weight decay (default 0.01) to the gradient before it keeps only the directions, which no rule of LoRA Alpha covers. With weight_decay: 0 a rule exists.`,
};

/** Adafactor's pair of eps, item by item. */
const PAIR = [1e-30, 1e-3] as const;
const epsOf = (item: 0 | 1): Source => ({ ...field(`optimizer_config.adafactor.eps.${item}`), pair: PAIR });

/** The rule of Adam is the same without a bias correction, but the first steps are 3 times as long. */
const uncorrected = (name: string): Pick<OptimizerRule, 'options' | 'variants'> => ({
  options: { biasCorrection: 0 },
  variants: [{ when: { [`${name}.bias_correction`]: true }, is: { options: {} } }],
});

/**
 * `optimizer` of mlx-lm: MLX's own classes.
 * @see https://github.com/ml-explore/mlx (python/mlx/optimizers/optimizers.py, v0.32); mlx_lm/lora.py: train_model
 */
const MLX_NAMES: OptimizerNames = {
  adam: {
    row: 'adam',
    ...uncorrected('adam'),
    fixed: { weightDecay: NO_DECAY },
    defaults: { eps: 1e-8, betas: [0.9, 0.999] },
    fields: at('adam', 'eps', 'betas'),
  },
  adamw: {
    row: 'adamw',
    ...uncorrected('adamw'),
    defaults: { weightDecay: 0.01, eps: 1e-8, betas: [0.9, 0.999] },
    fields: at('adamw', 'eps', 'betas', 'weightDecay'),
  },
  sgd: {
    row: 'sgd',
    defaults: { weightDecay: 0, momentum: 0 },
    fields: at('sgd', 'weightDecay', 'momentum', 'nesterov'),
  },
  // relative_step and scale_parameter are on by default, so Adafactor ignores the learning rate.
  adafactor: {
    row: 'adafactor-hf-scale-relative',
    defaults: { weightDecay: 0, eps: PAIR[0], epsRms: PAIR[1] },
    fields: { ...at('adafactor', 'weightDecay'), eps: epsOf(0), epsRms: epsOf(1) },
    variants: [
      { when: { 'adafactor.relative_step': false, 'adafactor.scale_parameter': false }, is: { row: 'adafactor-hf' } },
      { when: { 'adafactor.relative_step': false }, is: { row: 'adafactor-hf-scale' } },
      { when: { 'adafactor.scale_parameter': false }, is: { row: 'adafactor-hf-relative' } },
    ],
  },
  muon: {
    row: 'muon',
    options: { lerp: 1 },
    defaults: { weightDecay: 0.01, momentum: 0.95, nesterov: true },
    fixed: { eps: { value: 1e-7, who: l10n.t("MLX's Muon") } },
    fields: at('muon', 'weightDecay', 'momentum', 'nesterov'),
    variants: [
      { when: { 'muon.weight_decay': 0 }, is: {} },
      { when: {}, is: DECAYING_MUON },
    ],
  },
};

/** @see https://github.com/ml-explore/mlx-lm/blob/main/mlx_lm/tuner/lora.py */
export const MLX_LIBRARY: Library = { A: ['lora_a'], B: ['lora_b'], isMlx: true };

const PARAMETERS = 'lora_parameters';
const [RANK, SCALE, ALPHA] = [`${PARAMETERS}.rank`, `${PARAMETERS}.scale`, `${PARAMETERS}.alpha`] as const;
const DROPOUT = `${PARAMETERS}.dropout`;

/** A map in the file replaces the whole default map (mlx_lm/lora.py: main). */
const isGiven = (root: MapNode): boolean => isMap(root, PARAMETERS);

const isMlx = (root: MapNode): boolean =>
  ['lora', 'dora'].includes(String(valueAt(root, 'fine_tune_type') ?? 'lora')) &&
  // Every key may be set on the command line instead.
  ((says(root, RANK) && says(root, SCALE)) ||
    ((isGiven(root) || says(root, 'fine_tune_type')) &&
      says(root, 'model', 'data', 'num_layers', 'lora_layers', 'iters', 'adapter_path', 'train')));

/** What mlx-lm's own map of LoRA parameters has; nothing where another one is given. */
const unlessGiven =
  (fallback: Default): DefaultOf =>
  ({ root }) =>
    isGiven(root) ? null : { inWords: l10n.t`${String(fallback.value)} if lora_parameters is not set`, ...fallback };

const argument = (index: number): Key => key(`lr_schedule.arguments.${index}`);

/** MLX's schedules (mlx/optimizers/schedulers.py): the arguments (`1`: at least 1, `0`: less), and the last rate. */
const SCHEDULES: Readonly<Record<string, readonly [takes: RegExp, end: readonly Key[]]>> = {
  cosine_decay: [/^[01]1[01]?$/, [argument(2)]],
  linear_schedule: [/^[01][01]1$/, [argument(1)]],
  exponential_decay: [/^[01][01]$/, []],
  step_decay: [/^[01][01]1$/, []],
};

const WARMUP = [key('lr_schedule.warmup_init')];

const scheduleOf = (root: MapNode) => under(SCHEDULES, wordAt(root, 'lr_schedule.name'));

/** Whether mlx-lm can build the schedule; it stops otherwise (mlx_lm/tuner/utils.py: build_schedule). */
function isBuilt(root: MapNode): boolean {
  const given = nodeAt(root, ['lr_schedule', 'arguments']);
  const sizeOf = (name: string): string => {
    const value = valueAt(root, `lr_schedule.${name}`);
    return typeof value === 'number' ? String(Number(value >= 1)) : 'none';
  };
  const sizes = given?.kind === 'list' ? given.items.map((_, i) => sizeOf(`arguments.${i}`)) : [];
  const starts = !has(root, 'lr_schedule.warmup_init') || sizeOf('warmup_init') !== 'none';
  const warms = !valueAt(root, 'lr_schedule.warmup') || (starts && sizeOf('warmup') === '1');
  return warms && scheduleOf(root)?.[0].test(sizes.join('')) === true;
}

const SAYS = {
  scale: l10n.t`mlx-lm defaults scale to 20 if lora_parameters is not set (10 before version 0.25.1). It is the scaling itself, whatever the rank.`,
  layers: l10n.t`mlx-lm calls this num_layers since version 0.20. Earlier versions train with Adam alone and ignore optimizer_config.`,
  rate: l10n.t`mlx-lm ignores learning_rate: lr_schedule has its own learning rate, the first of its arguments.`,
  alpha: l10n.t`mlx-lm ignores lora_parameters.alpha: the scaling is scale itself. Only versions up to 0.14.1 (May 2024) scaled by scale · alpha/rank; there as well, a new scale changes the scaling by the same factor. Remove alpha.`,
  schedule: l10n.t`No schedule of MLX takes these arguments. mlx-lm stops, or its version is newer and they may hold learning rates.`,
};

/** mlx-lm looks this up without a default (mlx_lm/tuner/utils.py: linear_to_lora_layers). */
function missing(label: string, literal: string): Trap {
  const why = l10n.t`${label} is missing. mlx-lm has no default for it if lora_parameters is set, and stops. Set ${label.split('.')[1] ?? ''}: ${literal}.`;
  return stops(RANK, why, { when: (root) => isGiven(root) && !says(root, label) });
}

const TRAPS: readonly Trap[] = [
  ...['lora_rank', 'lora_alpha', 'lora_dropout', 'lora_scale'].map((name) => {
    const why = l10n.t`mlx-lm ignores ${name} at the top of the file and reads only lora_parameters. Remove it, or move it there.`;
    return on(name, 'key-ignored', why, { severity: 'warning', when: (root) => says(root, name), isRemovable: true });
  }),
  missing(DROPOUT, '0.0'),
  missing(SCALE, '20.0'),
  on('learning_rate', 'rate-overridden', SAYS.rate, {
    when: (root) => says(root, 'learning_rate') && has(root, 'lr_schedule.arguments.0'),
    isRemovable: true,
  }),
  on(ALPHA, 'key-ignored', SAYS.alpha, { severity: 'warning', when: (root) => says(root, ALPHA), isRemovable: true }),
  unclear('lora_layers', SAYS.layers),
  resumes('resume_adapter_file'),
  trainedAdapter(
    l10n.t('mlx-lm saved this file with it'),
    // All arguments are saved, that of the config's own path among them.
    (root) => entryAt(root, ['config'])?.home === 'json' && says(root, 'adapter_path'),
    key(PARAMETERS),
  ),
];

const MLX_ARGUMENTS = `betas bias_correction clip_threshold dampening decay_rate eps momentum nesterov ns_steps
  relative_step scale_parameter warmup_init weight_decay`;

const KNOWN: KnownKeys = {
  '': `adapter_path c clear_cache_threshold config grad_accumulation_steps grad_checkpoint iters model steps_per_eval
    steps_per_report test train use_dora wandb`,
  // What else is there reaches nothing: linear_to_lora_layers in mlx_lm/tuner/utils.py.
  [PARAMETERS]: 'lora_layers num_layers',
  optimizer_config: Object.keys(MLX_NAMES).join(' '),
  ...Object.fromEntries(Object.keys(MLX_NAMES).map((name) => [`optimizer_config.${name}`, MLX_ARGUMENTS])),
};

/** @see https://github.com/ml-explore/mlx-lm (mlx_lm/lora.py: CONFIG_DEFAULTS; mlx_lm/tuner/utils.py, lora.py; d78bf58e) */
const layout: Layout = {
  id: 'mlx-lm',
  recognise: isMlx,
  scalingRule: 'direct',
  fields: {
    rank: field(RANK, unlessGiven({ value: 8 })),
    alpha: field(SCALE, unlessGiven({ value: 20, why: SAYS.scale })),
    useDora: field(key('fine_tune_type', onlyIf('dora', true))),
    learningRate: field([argument(0), 'learning_rate'], 1e-5),
    optimizer: field('optimizer', 'adam'),
    maxGradNorm: fixedAt(0),
    scheduler: field('lr_schedule.name'),
    warmup: field('lr_schedule.warmup'),
    dropout: field(DROPOUT, unlessGiven({ value: 0 })),
    init: fixedAt('uniform'),
    targetModules: field(`${PARAMETERS}.keys`),
  },
  // The last rate of its schedule moves with the first.
  inFile: (root) => ({ ...layout, linked: { learningRate: [...WARMUP, ...(scheduleOf(root)?.[1] ?? [])] } }),
  optimizers: MLX_NAMES,
  nullable: 'fine_tune_type learning_rate lora_parameters lr_schedule optimizer', // lora.py: main
  argumentsAt: 'optimizer_config',
  // The map replaces the whole default map, so it has to be complete.
  newMaps: { lora_parameters: { rank: 8, dropout: 0 } },
  linked: { learningRate: WARMUP },
  known: KNOWN,
  unread: (root) =>
    root.entries
      .filter(({ key: name }) => name === 'lr_schedule' && isFilled(root, name) && !isBuilt(root))
      .map((entry) => unread(entry, SAYS.schedule, true)),
  traps: TRAPS,
  float16: null,
  initCode: dividing(MLX_LIBRARY, [
    '# mlx-lm has no hook for this. In mlx_lm/lora.py, in train_model, after print_trainable_parameters(model):',
    'from mlx.utils import tree_flatten, tree_unflatten',
    '',
  ]),
};

/** A file with an alpha and no scale, on which every version stops; read as it is meant, as scale · alpha / rank. */
const withoutScale: Layout = {
  ...layout,
  id: 'mlx-lm-old',
  recognise: (root) => isMlx(root) && says(root, ALPHA) && !says(root, SCALE),
  scalingRule: 'standard',
  fields: { ...layout.fields, alpha: field(ALPHA), multiplier: field(SCALE, 10) },
  traps: TRAPS.filter(({ code }) => code !== 'key-ignored').map((trap) =>
    trap.code === 'trainer-stops' ? { ...trap, blocksEdits: true } : trap,
  ),
  inFile: (): Layout => withoutScale,
};

export const mlxLm: Trainer = {
  id: 'mlx-lm',
  name: 'mlx-lm',
  syntaxes: ['yaml', 'json'],
  hint: /\b(?:lora_parameters|fine_tune_type)["']?\s*:/,
  loaders: { yaml: 'yaml.SafeLoader with floats', json: 'json.load' },
  source: { repository: 'ml-explore/mlx-lm', commit: 'd78bf58e', date: '2026-08-22' },
  commandLine: { program: /\bmlx_lm[._ ]lora\b/, hint: /\bmlx_lm[._ ]lora\b/, config: flagged('config', 'c') },
  programs: ['mlx_lm', 'mlx_lm.lora'],
  owns: /(?:^|[ /\\])mlx_lm(?:[ ./\\]|$)/,
  layouts: [withoutScale, layout],
};
