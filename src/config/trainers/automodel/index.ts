import * as l10n from '@vscode/l10n';
import { LORA_A_B } from '../../init-code/library';
import { flagged } from '../shared/command-line';
import { divideLines } from '../../init-code/divide';
import { AUTOMODEL_NAMES } from './optimizers';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { fromRow } from '../shared/optimizer-defaults';
import { halfPrecision, resumes } from '../shared/common-traps';
import { isFilled } from '../shared/filled';
import { AUTOMODEL, AUTOMODEL_LORA, AUTOMODEL_OPTIM, AUTOMODEL_OPTIMIZER, AUTOMODEL_SCHEDULE } from './known';
import { unknownArguments, unknownNear } from '../shared/unknown-keys';
import type { Layout, Trainer } from '../trainer';
import { key, type Fields, field, fixedAt } from '../shared/fields';

const isOurs = (root: MapNode): boolean =>
  /^nemo_automodel\.[\w.]*\.PeftConfig$/.test(String(scalarAt(root, ['peft', '_target_']) ?? '')) ||
  // Without its class, the keys beside `peft` must be Automodel's.
  (scalarAt(root, ['peft', 'dim']) !== undefined && nodeAt(root, ['step_scheduler']) !== null);

const PEFT: Fields = {
  rank: field('peft.dim', 8),
  alpha: { ...field('peft.alpha', 32), beside: [key('peft.dim'), key('peft._target_')] },
  useDora: field('peft.use_dora'),
  dropout: field('peft.dropout', 0),
  // Whatever is not xavier is Kaiming uniform (components/_peft/lora.py: init_lora_weights).
  init: {
    keys: [key('peft.lora_A_init', (value) => (value === 'xavier' ? 'xavier-normal' : 'kaiming-uniform'))],
    default: { value: 'xavier-normal' },
  },
  targetModules: {
    keys: [
      key('peft.target_modules'),
      key('peft.match_all_linear', (value) => (value === true ? 'all-linear' : undefined)),
    ],
  },
};

const MOE_RANK = key('peft.moe_rank_scaling');

const common: Pick<Layout, 'optimizers' | 'traps' | 'initCode'> = {
  optimizers: AUTOMODEL_NAMES,
  traps: [
    halfPrecision(
      'peft.lora_dtype',
      l10n.t(
        "LoRA's own weights have the dtype of the model, 16 bits by default, so dividing the init by anything but a power of two is rounded. Set peft.lora_dtype: float32 to keep them whole.",
      ),
      // nemo_automodel/components/_peft/lora.py: _init_adapter
      (root) =>
        !/32$/.test(String(scalarAt(root, ['peft', 'lora_dtype']) ?? scalarAt(root, ['model', 'torch_dtype']) ?? '')),
    ),
    resumes('checkpoint.restore_from'),
    {
      code: 'rank-per-expert',
      severity: 'warning',
      message: l10n.t(
        'moe_rank_scaling divides the rank of the experts by the number of active experts, so their scaling is larger by that number. All scalings still change by the same factor when alpha changes.',
      ),
      applies: (root: MapNode) => scalarAt(root, MOE_RANK.path) === true,
      at: MOE_RANK,
    },
    {
      code: 'rate-groups',
      severity: 'info',
      message: l10n.t(
        'param_group_overrides multiplies the learning rate of some parameters, also after the learning rate changes. A group for lora_B is the same as LoRA+; only plans that change A and B alike keep the run.',
      ),
      applies: (root: MapNode) => isFilled(root, key('optimizer.param_group_overrides')),
      at: key('optimizer.param_group_overrides'),
    },
  ],
  initCode: (start) =>
    [
      '# Automodel has no hook for this. In your own copy of the recipe (nemo_automodel/recipes/llm/train_ft.py), after the',
      '# model with its LoRA is built and before the optimizer is, with `model` one of its parts:',
      ...divideLines(LORA_A_B, start),
      '',
    ].join('\n'),
};

const BESIDE = ['weight_decay', 'eps', 'lr', '_target_'].map((name) => key(`optimizer.${name}`));

/** @see https://github.com/NVIDIA-NeMo/Automodel (nemo_automodel/components/_peft/lora.py, recipes/llm/train_ft.py, v0.7.0) */
const layout: Layout = {
  ...common,
  id: 'automodel',
  recognise: (root) => isOurs(root) && scalarAt(root, ['optim', 'learning_rate']) === undefined,
  fields: {
    ...PEFT,
    optimizer: field('optimizer._target_'),
    learningRate: {
      keys: [key('optimizer.lr')],
      default: ({ row, optimizer }) =>
        row && optimizer
          ? {
              value: row.defaults.learningRate,
              who: optimizer,
            }
          : null,
      beside: BESIDE,
    },
    weightDecay: { keys: [key('optimizer.weight_decay')], default: fromRow('weightDecay'), beside: BESIDE },
    betas: { keys: [key('optimizer.betas')], default: fromRow('betas') },
    eps: { keys: [key('optimizer.eps')], default: fromRow('eps'), beside: BESIDE },
    momentum: { keys: [key('optimizer.momentum')], default: fromRow('momentum') },
    nesterov: field('optimizer.nesterov'),
    maxGradNorm: {
      keys: [key('clip_grad_norm.max_norm'), key('max_grad_norm')],
      default: { value: 1 },
      write: key('clip_grad_norm.max_norm'),
      beside: [key('optimizer')],
    },
    scheduler: {
      keys: [key('lr_scheduler.lr_decay_style')],
      default: ({ root }) => (nodeAt(root, ['lr_scheduler']) ? { value: 'cosine' } : null),
    },
    warmup: field('lr_scheduler.lr_warmup_steps'),
  },
  notUnderstood: (root) => [
    ...unknownArguments(root, {
      peft: AUTOMODEL_LORA,
      optimizer: AUTOMODEL_OPTIMIZER,
      lr_scheduler: AUTOMODEL_SCHEDULE,
    }),
    ...unknownNear(root, { '': AUTOMODEL }),
  ],
  argumentsAt: 'optimizer',
  argumentsAs: 'map',
  // The schedule ends at a hundredth of the learning rate by default.
  linkedRates: ['min_lr', 'max_lr', 'init_lr'].map((name) => key(`lr_scheduler.${name}`)),
};

const OLD_BESIDE = ['weight_decay', 'betas'].map((name) => key(`optim.optimizer.${name}`));

/** The diffusion recipe's own layout, which versions since 2026 refuse (recipes/diffusion/train.py). */
const old: Layout = {
  ...common,
  id: 'automodel-optim',
  owner: l10n.t("Automodel's diffusion recipe"),
  recognise: (root) => isOurs(root) && scalarAt(root, ['optim', 'learning_rate']) !== undefined,
  fields: {
    ...PEFT,
    optimizer: fixedAt({ value: 'torch.optim.AdamW' }),
    learningRate: field('optim.learning_rate'),
    weightDecay: { ...field('optim.optimizer.weight_decay', 0.01), beside: OLD_BESIDE },
    betas: { keys: [key('optim.optimizer.betas')], default: fromRow('betas') },
    eps: { keys: [key('optim.optimizer.eps')], default: fromRow('eps'), beside: OLD_BESIDE },
    maxGradNorm: {
      ...field('optim.clip_grad', 1),
      beside: [key('optim.learning_rate')],
    },
    scheduler: field('lr_scheduler.lr_decay_style'),
    warmup: field('lr_scheduler.lr_warmup_steps'),
  },
  notUnderstood: (root) => [
    ...unknownArguments(root, {
      peft: AUTOMODEL_LORA,
      'optim.optimizer': AUTOMODEL_OPTIMIZER,
      lr_scheduler: AUTOMODEL_SCHEDULE,
    }),
    ...unknownNear(root, { '': AUTOMODEL, optim: AUTOMODEL_OPTIM }),
  ],
  argumentsAt: 'optim.optimizer',
  argumentsAs: 'map',
  linkedRates: ['min_lr', 'max_lr', 'init_lr'].map((name) => key(`lr_scheduler.${name}`)),
  traps: [
    ...common.traps,
    {
      code: 'layout-removed',
      severity: 'warning',
      message: l10n.t(
        'This is the older layout of the diffusion recipe: current versions of Automodel refuse optim.learning_rate and want optimizer.lr, with clip_grad_norm.max_norm for optim.clip_grad.',
      ),
      applies: () => true,
      at: key('optim.learning_rate'),
    },
  ],
};

export const automodel: Trainer = {
  id: 'automodel',
  name: 'NeMo Automodel',
  syntaxes: ['yaml'],
  hint: /\b(?:nemo_automodel|step_scheduler)\b/,
  // A text that is a number to Python is one to its loader (components/config/loader.py: translate_value).
  loaders: { yaml: 'yaml.safe_load' },
  textNumbers: 'converts',
  interpolates: false,
  source: {
    repository: 'NVIDIA-NeMo/Automodel',
    commit: '36044ad3d139363fb6c73c24af2e7c6b65ec52f6',
    date: '2026-08-22',
  },
  commandLine: {
    program: /\bautomodel\b|\bfinetune\.py\b/,
    hint: /\bautomodel\b|--peft\.dim\b/,
    config: flagged('config', 'c'),
  },
  programs: ['automodel'],
  layouts: [layout, old],
};
