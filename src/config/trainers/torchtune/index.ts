import * as l10n from '@vscode/l10n';
import { type Library } from '../../init-code/library';
import { flagged } from '../shared/command-line';
import { divideLines } from '../../init-code/divide';
import { indented } from '../../init-code/python';
import { TORCHTUNE_NAMES } from './optimizers';
import { SHARES, TORCH_SCHEDULES } from '../schedules';
import { scalarAt } from '../../syntax/tree';
import { fromRow, rateFromRow } from '../shared/optimizer-defaults';
import { halfWeights, resumes } from '../shared/common-traps';
import { OPTIMIZER_ARGUMENTS } from '../shared/known';
import { TORCHTUNE, TORCHTUNE_MODEL } from './known';
import { unknownArguments, unknownNear } from '../shared/unknown-keys';
import type { Layout, Trainer } from '../trainer';
import { key, type Key, field, fixedAt } from '../shared/fields';

/** @see https://github.com/pytorch/torchtune/blob/main/torchtune/modules/peft/lora.py */
export const TORCHTUNE_LIBRARY: Library = {
  A: ['lora_a'],
  B: ['lora_b'],
  arrays: 'torch',
};

const BESIDE = ['optimizer.weight_decay', 'optimizer.lr', 'optimizer._component_'].map((label) => key(label));

/** The last part of a dotted Python path. */
const nameOf: NonNullable<Key['read']> = (value) => String(value).split('.').at(-1);

/** @see https://github.com/pytorch/torchtune (torchtune/modules/peft/lora.py, recipes/configs, bd2a0fc7) */
const layout: Layout = {
  id: 'torchtune',
  recognise: (root) => /\.q?lora_\w+$/.test(String(scalarAt(root, ['model', '_component_']) ?? '')),
  fields: {
    rank: field('model.lora_rank', 8),
    alpha: {
      ...field('model.lora_alpha', 16),
      beside: [key('model.lora_rank'), key('model._component_')],
    },
    useDora: field('model.use_dora'),
    learningRate: {
      keys: [key('optimizer.lr')],
      default: rateFromRow,
      beside: BESIDE,
    },
    optimizer: field('optimizer._component_'),
    weightDecay: { keys: [key('optimizer.weight_decay')], default: fromRow('weightDecay'), beside: BESIDE },
    eps: { keys: [key('optimizer.eps')], default: fromRow('eps'), beside: BESIDE },
    betas: { keys: [key('optimizer.betas')], default: fromRow('betas') },
    momentum: { keys: [key('optimizer.momentum')], default: fromRow('momentum') },
    nesterov: field('optimizer.nesterov'),
    maxGradNorm: {
      keys: [key('clip_grad_norm')],
      default: { value: 0 },
    },
    scheduler: { keys: [key('lr_scheduler._component_', nameOf)] },
    warmup: field('lr_scheduler.num_warmup_steps'),
    dropout: field('model.lora_dropout', 0),
    init: fixedAt({ value: 'kaiming-uniform' }),
    targetModules: field('model.lora_attn_modules'),
  },
  optimizers: TORCHTUNE_NAMES,
  argumentsAt: 'optimizer',
  // torchtune/modules/peft/_utils.py: get_lora_module_names
  targetSwitches: [
    { key: key('model.apply_lora_to_mlp'), modules: ['w1', 'w2', 'w3'] },
    { key: key('model.apply_lora_to_output'), modules: ['output'] },
  ],
  // torchtune/training/lr_schedulers.py: its own falls to 0.
  schedule: {
    schedules: { ...TORCH_SCHEDULES, get_cosine_schedule_with_warmup: SHARES },
    at: 'lr_scheduler',
    beside: [key('lr_scheduler._component_')],
  },
  notUnderstood: (root) => [
    ...unknownArguments(root, { optimizer: OPTIMIZER_ARGUMENTS, model: TORCHTUNE_MODEL }),
    ...unknownNear(root, { '': TORCHTUNE }),
  ],
  traps: [resumes('resume_from_checkpoint'), halfWeights('dtype', ['bf16'])],
  initCode: (start) =>
    [
      '# Copy your recipe (tune cp lora_finetune_single_device .) and put this at the end of its _setup_model,',
      '# before `return model`; the optimizer is made later. A resumed run skips this: its factors are already rescaled.',
      'if not self._resume_from_checkpoint:',
      indented(divideLines(TORCHTUNE_LIBRARY, start), '    '),
      '',
    ].join('\n'),
};

export const torchtune: Trainer = {
  id: 'torchtune',
  name: 'torchtune',
  syntaxes: ['yaml'],
  hint: /\b_component_["']?\s*:[^\n]{0,200}\.q?lora_/,
  loaders: { yaml: 'OmegaConf.load' },
  textNumbers: 'fails',
  source: { repository: 'pytorch/torchtune', commit: 'bd2a0fc7c314', date: '2026-04-23' },
  interpolates: true,
  commandLine: {
    program: /\btune run\b/,
    hint: /\btune run\b/,
    takesOverrides: () => true,
    config: (root) => flagged('config')(root) ?? l10n.t('its config'),
  },
  programs: ['tune'],
  layouts: [layout],
};
