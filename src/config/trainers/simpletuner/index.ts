import * as l10n from '@vscode/l10n';
import { PEFT_LIBRARY } from '../../init-code/peft';
import { SIMPLETUNER_NAMES } from './optimizers';
import { SHARES, type Schedule, type Schedules } from '../schedules';
import type { MapNode } from '../../syntax/tree';
import { names, unknownKeys, type KnownKeys } from '../shared/known';
import { initOf, PEFT_INIT } from '../peft/lora-config';
import { continues, halfWeights, on, resumes, unclear, unscaledInAll, type Trap } from '../shared/trap';
import { dividing } from '../shared/init-code';
import { asArguments } from './tree';
import type { Layout, Trainer } from '../trainer';
import { classNumbers, field, has, key, says, timesRank, valueAt, wordAt, type Fields } from '../shared/fields';

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

function recognise(root: MapNode): boolean | { not: string } {
  // Other trainers have a model_type too.
  const isOurs = ['model_family', 'lora_type', 'data_backend_config'].some((name) => has(root, name));
  if (!isOurs || valueAt(root, 'model_type') !== 'lora') return false;
  const type = (wordAt(root, 'lora_type') || 'standard').toLowerCase();
  if (type !== 'standard') {
    return { not: l10n.t`lora_type is ${type}: another file, lycoris_config, defines the adapter.` };
  }
  const mode = (wordAt(root, 'peft_lora_mode') || 'standard').toLowerCase();
  return mode === 'standard' || { not: l10n.t`This trains ${mode}, which has no alpha that scales as LoRA's does.` };
}

/** All but the threshold, which is one of two things. */
const fields: Fields = {
  rank: field('lora_rank', 16),
  alpha: field('lora_alpha', timesRank(1)),
  // A switch may be a string, too.
  useDora: field(key('use_dora', (value) => (value === 'true' || value === 'false' ? value === 'true' : value))),
  learningRate: field('learning_rate', 4e-7),
  optimizer: field('optimizer', 'adamw_bf16'),
  ...classNumbers('optimizer_config'),
  betas: { ...classNumbers('optimizer_config').betas, keys: [key('optimizer_beta1'), key('optimizer_beta2')] },
  scheduler: field('lr_scheduler', 'constant_with_warmup'),
  warmup: field('lr_warmup_steps', 0),
  dropout: field('lora_dropout', 0.1),
  init: field(
    key('lora_init_type', (value) => (value === 'default' ? 'kaiming-uniform' : initOf(value))),
    PEFT_INIT,
  ),
  targetModules: field('peft_lora_target_modules', {
    value: 'to_k,to_q,to_v,to_out.0',
    inWords: l10n.t("the model's attention layers"),
  }),
};

/** Settings whose names say that they are about LoRA, the optimizer or the schedule. */
const SETTINGS: KnownKeys = {
  at: '',
  like: /(?:^|_)(?:lr|lora\w*|lycoris\w*|peft\w*|optim\w*|grad|adam|weight_decay)(?:_|$)/,
  known: names(
    `lora_rank lora_alpha lora_dropout lora_init_type lora_type lora_format lycoris_config init_lora init_lora_ema
    init_lora_step peft_lora_mode peft_lora_target_modules lr_scheduler lr_warmup_steps lr_num_cycles lr_power lr_end
    lr_scale lr_scale_sqrt text_encoder_lr optimizer optimizer_config optimizer_beta1 optimizer_beta2 max_grad_norm
    grad_clip_method fuse_optimizer optimizer_cpu_offload_method optimizer_offload_gradients
    optimizer_release_gradients adam_beta1 adam_beta2 adam_weight_decay adam_epsilon adam_bfloat16`,
    // Loaded in addition to the trained LoRA, or at validation.
    `assistant_lora_path assistant_lora_strength assistant_lora_inference_strength disable_assistant_lora
    validation_lycoris_strength slider_lora_target flux_lora_target`,
  ),
};

const isOn = (root: MapNode, name: string): boolean => ['true', '1'].includes(wordAt(root, name));
const ON = ['true', '1', true, 1];

/** Without quantisation, all of the model is moved to the dtype of mixed precision (helpers/training/trainer.py: move_models). */
function keepsHalf(root: MapNode): boolean {
  const isWhole =
    wordAt(root, 'mixed_precision') === 'no' || !/^(?:|no_change)$/.test(wordAt(root, 'base_model_precision'));
  return /^(?:|adamw_bf16)$/.test(wordAt(root, 'optimizer')) || !isWhole;
}

/**
 * Regularisers that train an additional module, which PEFT saves whole (helpers/models/common.py: get_lora_save_layers,
 * 2026-08).
 */
const REGULARISERS = ['crepa_enabled', 'urepa_enabled', 'internal_guidance_enabled', 'nextlat_enabled'];

/** What a user of SimpleTuner should know of a file. */
const TRAPS: readonly Trap[] = [
  // Names of Hugging Face's Trainer (optimizer_param.py: optimizer_parameters).
  ...['adam_weight_decay', 'adam_epsilon', 'adam_beta1', 'adam_beta2'].map((name) =>
    on(
      name,
      'key-ignored',
      l10n.t`${name} is ignored: SimpleTuner passes it only to DeepSpeed's optimizer. Other optimizers read their arguments from optimizer_config, and their betas from optimizer_beta1 and optimizer_beta2.`,
      { when: (root) => says(root, name) && !isOn(root, 'use_deepspeed_optimizer') },
    ),
  ),
  ...REGULARISERS.map((name) => unscaledInAll(name, l10n.t('an additional projector or head'), ON)),
  // A text encoder gets no LoRA (model_freeze.py, optimizer_param.py).
  unscaledInAll('train_text_encoder', l10n.t('the text encoder itself'), ON),
  halfWeights(
    'optimizer',
    keepsHalf,
    l10n.t`SimpleTuner keeps LoRA's own weights in 16 bits with adamw_bf16, and with mixed_precision (bf16 by default) unless the base model is quantised. So dividing the init by anything but a power of two is rounded.`,
  ),
  { ...resumes('resume_from_checkpoint'), severity: 'info' },
  on(
    'lr_scale',
    'rate-scaled',
    l10n.t`lr_scale multiplies the learning rate of the file by batch size, accumulation steps and number of processes. A plan changes the number in the file, and the effective learning rate changes by the same factor.`,
    { when: ON },
  ),
  {
    // `math.floor(lr * 1e9) / 1e9` (simpletuner/helpers/training/custom_schedule.py).
    code: 'schedule-rounds',
    message: l10n.t`SimpleTuner rounds the learning rates of this schedule down to multiples of 1e-9, before and after the change. At a learning rate of 1e-5 the relative error is up to 1e-4.`,
    applies: (root) => ['sine', 'cosine', 'cosine_with_restarts'].includes(wordAt(root, 'lr_scheduler')),
    limits: 'approximate',
  },
  continues('init_lora', {
    message: l10n.t`init_lora: this run continues a trained LoRA with its own rank and alpha. The trainer ignores rank and alpha in this config.`,
  }),
  // A distillation may train a critic or a second adapter (simpletuner/helpers/distillation).
  unclear('distillation_method', l10n.t('A distillation can train additional networks.'), { when: /^(?!None$)./ }),
];

/** `max_grad_norm` is a threshold on each element of the gradient, unless grad_clip_method is norm. */
const CLIP = field('max_grad_norm', 2);

/** @see https://github.com/bghira/SimpleTuner (simpletuner/helpers/models/common.py, configuration/*.py, bc8e6ab7) */
const byValue: Layout = {
  id: 'simpletuner',
  recognise,
  fields: { ...fields, maxGradValue: CLIP },
  optimizers: SIMPLETUNER_NAMES,
  argumentsAt: 'optimizer_config',
  closedArguments: true,
  notUnderstood: (root) => unknownKeys(root, SETTINGS),
  argumentsAs: 'text',
  schedule: {
    schedules: SCHEDULES,
    at: '',
    beside: ['lr_scheduler', 'optimizer', 'learning_rate'].map((at) => key(at)),
  },
  traps: TRAPS,
  initCode: dividing(
    PEFT_LIBRARY,
    [
      '# In simpletuner/helpers/models/common.py, at the end of add_lora_adapter().',
      '# With init_lora this is skipped: those factors are already trained.',
      'if init_lora_state_dict is None:',
      '    model = trained_component',
    ],
    { indent: '    ' },
  ),
};

const byNorm: Layout = {
  ...byValue,
  id: 'simpletuner-norm',
  recognise: (root) => valueAt(root, 'grad_clip_method') === 'norm' && recognise(root),
  fields: { ...fields, maxGradNorm: CLIP },
};

export const simpleTuner: Trainer = {
  id: 'simpletuner',
  name: 'SimpleTuner',
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
