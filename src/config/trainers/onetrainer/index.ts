import * as l10n from '@vscode/l10n';
import { LORA_DOWN_UP } from '../../init-code/library';
import { ONETRAINER_NAMES } from './optimizers';
import { SHARES, TORCH_SCHEDULES, type Schedules } from '../schedules';
import { entryAt, nodeAt, type Entry, type MapNode } from '../../syntax/tree';
import { names, unknownKeys, type KnownKeys } from '../shared/known';
import { ONETRAINER_TRAPS, PARTS, TEXT_ENCODERS } from './traps';
import { dividing } from '../shared/init-code';
import type { Layout, Trainer } from '../trainer';
import { field, fixedAt, fromRow, has, key, notClipped, valueAt, wordAt } from '../shared/fields';

const NAME = 'OneTrainer';

/**
 * Its own schedules are shares of the learning rate; a class of its user's choice brings its own.
 * @see https://github.com/Nerogar/OneTrainer (modules/util/create.py: create_lr_scheduler, 23df3832)
 */
const SCHEDULES: Schedules = {
  ...Object.fromEntries(
    ['CONSTANT', 'LINEAR', 'COSINE', 'COSINE_WITH_RESTARTS', 'COSINE_WITH_HARD_RESTARTS', 'REX', 'ADAFACTOR'].map(
      (name) => [name, SHARES],
    ),
  ),
  ...TORCH_SCHEDULES,
};

/**
 * @param optimizer the key of a setting of the optimizer
 * @param rate the key of the learning rate of a part
 */
function layoutOf(id: string, optimizer: (name: string) => string, rate: (part: string) => string): Layout {
  return {
    id,
    recognise: (root) => {
      if (valueAt(root, 'training_method') !== 'LORA') return false;
      const type = String(valueAt(root, 'peft_type') ?? 'LORA');
      return type === 'LORA' || { not: l10n.t`This trains ${type}, which has no alpha that scales as LoRA's does.` };
    },
    fields: {
      rank: field('lora_rank', 16),
      alpha: field('lora_alpha', 1),
      useDora: field('lora_decompose'),
      // The rate of a main part of the model overrides the common one.
      learningRate: field([...PARTS.map(rate), 'learning_rate'], 3e-6),
      optimizer: field(optimizer('optimizer'), 'ADAMW'),
      weightDecay: field(optimizer('weight_decay'), fromRow('weightDecay')),
      eps: field(optimizer('eps'), fromRow('eps')),
      betas: field([optimizer('beta1'), optimizer('beta2')], fromRow('betas')),
      momentum: field(optimizer('momentum'), fromRow('momentum')),
      nesterov: field(optimizer('nesterov')),
      maxGradNorm: field('clip_grad_norm', ({ root }) =>
        has(root, 'clip_grad_norm') ? notClipped('clip_grad_norm') : { value: 1 },
      ),
      scheduler: field(
        [
          key('learning_rate_scheduler', (name) => (name === 'CUSTOM' ? undefined : name)),
          'custom_learning_rate_scheduler',
        ],
        'CONSTANT',
      ),
      warmup: field('learning_rate_warmup_steps', 200),
      dropout: field('dropout_probability', 0),
      init: fixedAt('kaiming-uniform'),
      targetModules: fixedAt(({ root }) => ({
        value: /^$|^STABLE_DIFFUSION_(?:15|2|XL)/.test(wordAt(root, 'model_type'))
          ? 'to_q,to_k,to_v,to_out.0,ff.net.0.proj,ff.net.2'
          : 'all-linear',
        why: l10n.t`${NAME} adapts the linear layers that layer_filter lets through.`,
      })),
    },
    optimizers: ONETRAINER_NAMES,
    linkedRates: ['learning_rate', ...[...PARTS, ...TEXT_ENCODERS].map(rate)].map((label) => key(label)),
    schedule: { schedules: SCHEDULES, at: 'scheduler_params' },
    traps: ONETRAINER_TRAPS,
    initCode: dividing(
      LORA_DOWN_UP,
      [
        '# In modules/util/optimizer_util.py, at the top of init_model_parameters(): the factors exist, but not the',
        '# optimizer and the EMA. A run resumed from a backup skips this: its factors are already rescaled.',
        'for adapter in model.adapters() if not model.optimizer_state_dict else []:',
        '    for module in adapter.modules():',
      ],
      { model: 'module', indent: '        ' },
    ),
  };
}

/** Settings whose names say that they are about LoRA, the optimizer or the schedule. */
const SETTINGS: KnownKeys = {
  at: '',
  like: /(?:^|_)(?:lr|lora\w*|learning|peft\w*|optim\w*|grad|clip)(?:_|$)/,
  known: names(`
    learning_rate embedding_learning_rate learning_rate_scheduler custom_learning_rate_scheduler
    learning_rate_warmup_steps learning_rate_cycles learning_rate_min_factor learning_rate_scaler lora_rank lora_alpha
    lora_decompose lora_decompose_norm_epsilon lora_decompose_output_axis lora_model_name lora_weight_dtype lora_layers
    lora_layer_preset lora_layers_regex peft_type optimizer optimizer_defaults clip_grad_norm
  `),
};

/** @see https://github.com/Nerogar/OneTrainer (modules/util/config/TrainConfig.py, modules/module/LoRAModule.py, 23df3832) */
const layout: Layout = {
  ...layoutOf(
    'onetrainer',
    (name) => `optimizer.${name}`,
    (part) => `${part}.learning_rate`,
  ),
  argumentsAt: 'optimizer',
  closedArguments: true,
  notUnderstood: (root) => unknownKeys(root, SETTINGS),
  argumentsAs: 'map',
};

const flatName = (name: string): string => (name === 'optimizer' ? name : `optimizer_${name}`);
const flatRate = (part: string): string => `${part}_learning_rate`;

/** Arguments of the flat layout that are read, or that have no unit. */
const FLAT_ARGUMENTS = [
  ...['eps', 'weight_decay', 'beta1', 'beta2', 'momentum', 'nesterov', 'adam_w_mode', 'amsgrad', 'bias_correction'],
  ...['block_wise', 'capturable', 'differentiable', 'foreach', 'fused', 'is_paged', 'maximize', 'min_8bit_size'],
  ...['optim_bits', 'percentile_clipping'],
];
const FLAT_NAMES = [...FLAT_ARGUMENTS.map(flatName), ...[...PARTS, ...TEXT_ENCODERS].map(flatRate)];

/**
 * Before there were versions, settings of the optimizer and rates of parts stood at the top.
 * @see https://github.com/Nerogar/OneTrainer (modules/util/config/TrainConfig.py: migrations 0 and 1)
 */
const flat: Layout = {
  ...layoutOf('onetrainer-flat', flatName, flatRate),
  notUnderstood: (root) => unknownKeys(root, { ...SETTINGS, known: names(SETTINGS.known, FLAT_NAMES.join(' ')) }),
};

/** Converts the pairs of scheduler_params, `[{ "key": "eta_min", "value": "1e-5" }]`, to a map. */
function withSchedulerParams(root: MapNode): MapNode {
  const entries = root.entries.map((entry): Entry => {
    const { value } = entry;
    if (entry.key !== 'scheduler_params' || value.kind !== 'list') return entry;
    const pairs = value.items.flatMap((item): Entry[] => {
      if (item.kind !== 'map') return [];
      const name = valueAt(item, 'key');
      const own = entryAt(item, ['value']);
      // "%LR%" and the like are the run's own numbers.
      const isOwn = /^%.*%$/.test(wordAt(item, 'value'));
      return own && name !== undefined && !isOwn ? [{ ...own, key: String(name), home: undefined }] : [];
    });
    return { ...entry, value: { kind: 'map', range: value.range, entries: pairs } };
  });
  return { ...root, entries };
}

const isFlat = (root: MapNode): boolean => !has(root, '__version') && nodeAt(root, ['optimizer'])?.kind === 'scalar';

export const oneTrainer: Trainer = {
  id: 'onetrainer',
  specificity: 3,
  name: NAME,
  syntaxes: ['json'],
  hint: /"training_method"/,
  loaders: { json: 'json.load' },
  textNumbers: 'converts',
  interpolates: false,
  runs: (root) => [{ root: withSchedulerParams(root) }],
  source: { repository: 'Nerogar/OneTrainer', commit: '23df3832e8f2', date: '2026-08-19' },
  layouts: [{ ...flat, recognise: (root) => isFlat(root) && flat.recognise(root) }, layout],
};
