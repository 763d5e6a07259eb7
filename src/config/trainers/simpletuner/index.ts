import * as l10n from '@vscode/l10n';
import { peftLines } from '../../init-code/peft';
import { indented } from '../../init-code/python';
import { SIMPLETUNER_NAMES } from './optimizers';
import { SHARES, type Schedule, type Schedules } from '../schedules';
import type { Unread } from '../../reading';
import { entryAt, nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { unknownKeys, type KnownKeys, unread } from '../shared/unknown-keys';
import { fromRow } from '../shared/optimizer-defaults';
import { initOf, PEFT_INIT } from '../peft/traps';
import { asArguments } from './tree';
import { SIMPLETUNER_TRAPS } from './traps';
import type { Layout, Trainer } from '../trainer';
import { key, type Fields, type Source, field, timesRank } from '../shared/fields';

const NAME = 'SimpleTuner';
const BESIDE_RANK = ['lora_rank', 'lora_type', 'model_type'].map((label) => key(label));
const BESIDE = ['optimizer', 'learning_rate', 'lora_rank'].map((label) => key(label));

const END: Schedule = { rates: { lr_end: 4e-7 }, forAllGroups: true };

/**
 * Its own schedules end at lr_end; those it takes from diffusers know no such end.
 * @see https://github.com/bghira/SimpleTuner (simpletuner/helpers/training/custom_schedule.py: get_lr_scheduler, bc8e6ab7)
 */
const SCHEDULES: Schedules = {
  sine: END,
  cosine: END,
  cosine_with_restarts: END,
  polynomial: { rates: END.rates },
  linear: SHARES,
  constant: SHARES,
  constant_with_warmup: SHARES,
};

/** `max_grad_norm` is a threshold on each element of the gradient, unless grad_clip_method is norm. */
const CLIP: Source = { ...field('max_grad_norm', 2), beside: [key('grad_clip_method'), ...BESIDE] };

function recognise(root: MapNode): boolean | { not: string } {
  if (scalarAt(root, ['model_type']) !== 'lora') return false;
  // Other trainers have a model_type too.
  const isOurs = ['model_family', 'lora_type', 'data_backend_config'].some((name) => nodeAt(root, [name]) !== null);
  if (!isOurs) return false;
  const type = String(scalarAt(root, ['lora_type']) ?? 'standard').toLowerCase();
  if (type !== 'standard')
    return { not: l10n.t`lora_type is ${type}: another file, lycoris_config, defines the adapter.` };
  const mode = String(scalarAt(root, ['peft_lora_mode']) ?? 'standard').toLowerCase();
  return mode === 'standard' || { not: l10n.t`This trains ${mode}, which has no alpha that scales as LoRA's does.` };
}

/** All but the threshold, which is one of two things. */
const fields: Fields = {
  rank: field('lora_rank', 16),
  alpha: {
    keys: [key('lora_alpha')],
    default: timesRank(1),
    beside: BESIDE_RANK,
  },
  // A switch may be a string, too.
  useDora: { keys: [key('use_dora', (value) => (value === 'true' || value === 'false' ? value === 'true' : value))] },
  learningRate: { ...field('learning_rate', 4e-7), beside: BESIDE },
  optimizer: field('optimizer', 'adamw_bf16'),
  weightDecay: { keys: [key('optimizer_config.weight_decay')], default: fromRow('weightDecay'), beside: BESIDE },
  eps: { keys: [key('optimizer_config.eps')], default: fromRow('eps'), beside: BESIDE },
  betas: { keys: [key('optimizer_beta1'), key('optimizer_beta2')], default: fromRow('betas') },
  momentum: { keys: [key('optimizer_config.momentum')], default: fromRow('momentum') },
  scheduler: field('lr_scheduler', 'constant_with_warmup'),
  warmup: field('lr_warmup_steps', 0),
  dropout: field('lora_dropout', 0.1),
  init: {
    keys: [key('lora_init_type', (value) => (value === 'default' ? 'kaiming-uniform' : initOf(value)))],
    default: PEFT_INIT,
  },
  targetModules: {
    keys: [key('peft_lora_target_modules')],
    default: { value: 'to_k,to_q,to_v,to_out.0', inWords: l10n.t("the model's attention layers") },
  },
};

/** Settings whose names say that they are about LoRA, the optimizer or the schedule. */
const SETTINGS: KnownKeys = {
  at: '',
  like: /(?:^|_)(?:lr|lora\w*|lycoris\w*|peft\w*|optim\w*|grad|adam|weight_decay)(?:_|$)/,
  known: new Set([
    ...['lora_rank', 'lora_alpha', 'lora_dropout', 'lora_init_type', 'lora_type', 'lora_format', 'lycoris_config'],
    ...['init_lora', 'init_lora_ema', 'init_lora_step', 'peft_lora_mode', 'peft_lora_target_modules'],
    ...['lr_scheduler', 'lr_warmup_steps', 'lr_num_cycles', 'lr_power', 'lr_end', 'lr_scale', 'lr_scale_sqrt'],
    ...['text_encoder_lr', 'optimizer', 'optimizer_config', 'optimizer_beta1', 'optimizer_beta2', 'max_grad_norm'],
    ...['grad_clip_method', 'fuse_optimizer', 'optimizer_cpu_offload_method', 'optimizer_offload_gradients'],
    ...[
      'optimizer_release_gradients',
      'adam_beta1',
      'adam_beta2',
      'adam_weight_decay',
      'adam_epsilon',
      'adam_bfloat16',
    ],
    // Loaded in addition to the trained LoRA, or at validation.
    ...['assistant_lora_path', 'assistant_lora_strength', 'assistant_lora_inference_strength'],
    ...['disable_assistant_lora', 'validation_lycoris_strength', 'slider_lora_target', 'flux_lora_target'],
  ]),
};

/** A distillation may train a critic or a second adapter (simpletuner/helpers/distillation). */
function unreadDistillation(root: MapNode): Unread[] {
  const entry = entryAt(root, ['distillation_method']);
  const isOn = ![undefined, '', 'None'].includes(scalarAt(root, ['distillation_method']) as string | undefined);
  return entry && isOn ? [unread(entry, l10n.t('A distillation can train additional networks.'))] : [];
}

/** @see https://github.com/bghira/SimpleTuner (simpletuner/helpers/models/common.py, configuration/*.py, bc8e6ab7) */
const byValue: Layout = {
  id: 'simpletuner',
  recognise,
  fields: { ...fields, maxGradValue: CLIP },
  optimizers: SIMPLETUNER_NAMES,
  argumentsAt: 'optimizer_config',
  closedArguments: true,
  notUnderstood: (root) => [...unknownKeys(root, SETTINGS), ...unreadDistillation(root)],
  argumentsAs: 'text',
  schedule: { schedules: SCHEDULES, at: '', beside: [key('lr_scheduler'), ...BESIDE] },
  traps: SIMPLETUNER_TRAPS,
  initCode: (start) =>
    [
      '# In simpletuner/helpers/models/common.py, at the end of add_lora_adapter().',
      '# With init_lora this is skipped: those factors are already trained.',
      'if init_lora_state_dict is None:',
      '    model = trained_component',
      indented(peftLines(start), '    '),
      '',
    ].join('\n'),
};

const byNorm: Layout = {
  ...byValue,
  id: 'simpletuner-norm',
  recognise: (root) => scalarAt(root, ['grad_clip_method']) === 'norm' && recognise(root),
  fields: { ...fields, maxGradNorm: CLIP },
};

export const simpleTuner: Trainer = {
  id: 'simpletuner',
  name: NAME,
  syntaxes: ['json', 'toml', 'shell'],
  hint: /\bmodel_type["']?\s*[:=]\s*["']?lora\b/i,
  loaders: { json: 'json.load', toml: 'toml.load' },
  textNumbers: 'converts',
  interpolates: false,
  runs: (root) => [{ root: asArguments(root) }],
  source: { repository: 'bghira/SimpleTuner', commit: 'bc8e6ab77', date: '2026-08-22' },
  programs: ['simpletuner'],
  layouts: [byNorm, byValue],
};
