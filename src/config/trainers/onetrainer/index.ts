import * as l10n from '@vscode/l10n';
import { LORA_DOWN_UP } from '../../init-code/library';
import { divideLines } from '../../init-code/divide';
import { indented } from '../../init-code/python';
import { ONETRAINER_NAMES } from './optimizers';
import { SHARES, TORCH_SCHEDULES, type Schedules } from '../schedules';
import { entryAt, nodeAt, scalarAt, type Entry, type MapNode } from '../../syntax/tree';
import { unknownKeys, type KnownKeys } from '../shared/unknown-keys';
import { ONETRAINER_TRAPS } from './traps';
import { fromRow, notClipped } from '../shared/optimizer-defaults';
import type { Layout, Trainer } from '../trainer';
import { key, type Key, type Default, type ReadSoFar, field, fixedAt } from '../shared/fields';

const NAME = 'OneTrainer';
/** The main parts of a model; their own learning rate overrides the common one. */
const PARTS = ['unet', 'transformer', 'prior'];
const TEXT_ENCODERS = ['text_encoder', 'text_encoder_2', 'text_encoder_3', 'text_encoder_4'];

const BESIDE_RANK = ['lora_rank', 'learning_rate', 'training_method'].map((label) => key(label));
const U_NET = /^STABLE_DIFFUSION_(?:15|2|XL)/;

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

/** null turns clipping off. */
function clip({ root }: ReadSoFar): Default {
  return nodeAt(root, ['clip_grad_norm']) === null ? { value: 1 } : notClipped('clip_grad_norm');
}

/**
 * @param optimizer the keys of a setting of the optimizer
 * @param rate the keys of the learning rate of a part
 */
function layoutOf(id: string, optimizer: (name: string) => string, rate: (part: string) => string): Layout {
  const argument = (name: string): Key => key(optimizer(name));
  const beside = [argument('optimizer'), key('learning_rate'), key('training_method')];
  return {
    id,
    recognise: (root) => {
      if (scalarAt(root, ['training_method']) !== 'LORA') return false;
      const type = scalarAt(root, ['peft_type']) ?? 'LORA';
      return (
        type === 'LORA' || { not: l10n.t`This trains ${String(type)}, which has no alpha that scales as LoRA's does.` }
      );
    },
    fields: {
      rank: field('lora_rank', 16),
      alpha: { ...field('lora_alpha', 1), beside: BESIDE_RANK },
      useDora: field('lora_decompose'),
      learningRate: {
        keys: [...PARTS.map((part) => key(rate(part))), key('learning_rate')],
        default: { value: 3e-6 },
        beside: [key('training_method')],
      },
      optimizer: { keys: [argument('optimizer')], default: { value: 'ADAMW' } },
      weightDecay: { keys: [argument('weight_decay')], default: fromRow('weightDecay'), beside },
      eps: { keys: [argument('eps')], default: fromRow('eps'), beside },
      betas: { keys: [argument('beta1'), argument('beta2')], default: fromRow('betas') },
      momentum: { keys: [argument('momentum')], default: fromRow('momentum') },
      nesterov: { keys: [argument('nesterov')] },
      maxGradNorm: { keys: [key('clip_grad_norm')], default: clip, beside: [key('learning_rate')] },
      scheduler: {
        keys: [
          key('learning_rate_scheduler', (name) => (name === 'CUSTOM' ? undefined : name)),
          key('custom_learning_rate_scheduler'),
        ],
        default: { value: 'CONSTANT' },
      },
      warmup: field('learning_rate_warmup_steps', 200),
      dropout: field('dropout_probability', 0),
      init: fixedAt({ value: 'kaiming-uniform' }),
      targetModules: fixedAt(({ root }) => ({
        value: U_NET.test(String(scalarAt(root, ['model_type']) ?? 'STABLE_DIFFUSION_15'))
          ? 'to_q,to_k,to_v,to_out.0,ff.net.0.proj,ff.net.2'
          : 'all-linear',
        why: l10n.t`${NAME} adapts the linear layers that layer_filter lets through.`,
      })),
    },
    optimizers: ONETRAINER_NAMES,
    linkedRates: ['learning_rate', ...[...PARTS, ...TEXT_ENCODERS].map(rate)].map((label) => key(label)),
    schedule: { schedules: SCHEDULES, at: 'scheduler_params' },
    traps: ONETRAINER_TRAPS,
    initCode: (start) =>
      [
        '# In modules/util/optimizer_util.py, at the top of init_model_parameters(): the factors exist, but not the',
        '# optimizer and the EMA. A run resumed from a backup skips this: its factors are already rescaled.',
        'for adapter in model.adapters() if not model.optimizer_state_dict else []:',
        '    for module in adapter.modules():',
        indented(divideLines(LORA_DOWN_UP, start, 'module'), '        '),
        '',
      ].join('\n'),
  };
}

/** Settings whose names say that they are about LoRA, the optimizer or the schedule. */
const SETTINGS: KnownKeys = {
  at: '',
  like: /(?:^|_)(?:lr|lora\w*|learning|peft\w*|optim\w*|grad|clip)(?:_|$)/,
  known: new Set([
    ...['learning_rate', 'embedding_learning_rate', 'learning_rate_scheduler', 'custom_learning_rate_scheduler'],
    ...['learning_rate_warmup_steps', 'learning_rate_cycles', 'learning_rate_min_factor', 'learning_rate_scaler'],
    ...['lora_rank', 'lora_alpha', 'lora_decompose', 'lora_decompose_norm_epsilon', 'lora_decompose_output_axis'],
    ...['lora_model_name', 'lora_weight_dtype', 'lora_layers', 'lora_layer_preset', 'lora_layers_regex', 'peft_type'],
    ...['optimizer', 'optimizer_defaults', 'clip_grad_norm'],
  ]),
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

const FLAT = {
  optimizer: (name: string) => (name === 'optimizer' ? name : `optimizer_${name}`),
  rate: (part: string) => `${part}_learning_rate`,
};

/** Arguments of the flat layout that are read, or that have no unit. */
const FLAT_ARGUMENTS = [
  ...['eps', 'weight_decay', 'beta1', 'beta2', 'momentum', 'nesterov', 'adam_w_mode', 'amsgrad', 'bias_correction'],
  ...['block_wise', 'capturable', 'differentiable', 'foreach', 'fused', 'is_paged', 'maximize', 'min_8bit_size'],
  ...['optim_bits', 'percentile_clipping'],
];

/**
 * Before there were versions, settings of the optimizer and rates of parts stood at the top.
 * @see https://github.com/Nerogar/OneTrainer (modules/util/config/TrainConfig.py: migrations 0 and 1)
 */
const flat: Layout = {
  ...layoutOf('onetrainer-flat', FLAT.optimizer, FLAT.rate),
  notUnderstood: (root) =>
    unknownKeys(root, {
      ...SETTINGS,
      known: new Set([
        ...SETTINGS.known,
        ...FLAT_ARGUMENTS.map(FLAT.optimizer),
        ...[...PARTS, ...TEXT_ENCODERS].map(FLAT.rate),
      ]),
    }),
};

/** Converts the pairs of scheduler_params, `[{ "key": "eta_min", "value": "1e-5" }]`, to a map. */
function withSchedulerParams(root: MapNode): MapNode {
  const entries = root.entries.map((entry): Entry => {
    const { value } = entry;
    if (entry.key !== 'scheduler_params' || value.kind !== 'list') return entry;
    const pairs = value.items.flatMap((item): Entry[] => {
      const name = scalarAt(item, ['key']);
      const own = item.kind === 'map' ? entryAt(item, ['value']) : null;
      // "%LR%" and the like are the run's own numbers.
      const isOwn = /^%.*%$/.test(String(scalarAt(item, ['value'])));
      return own && name !== undefined && !isOwn ? [{ ...own, key: String(name), home: undefined }] : [];
    });
    return { ...entry, value: { kind: 'map', range: value.range, entries: pairs } };
  });
  return { ...root, entries };
}

const isFlat = (root: MapNode): boolean =>
  nodeAt(root, ['__version']) === null && nodeAt(root, ['optimizer'])?.kind === 'scalar';

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
