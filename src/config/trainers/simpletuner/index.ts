import * as l10n from '@vscode/l10n';
import { dividing, PEFT_LIBRARY } from '../../init-code/divide';
import { bnb } from '../../optimizers/bitsandbytes';
import { OPTIMI_ADAMW, OPTIMI_LION, OPTIMI_STABLE_ADAMW, PRODIGY_PLUS } from '../../optimizers/packages';
import { TORCH_CLASSES } from '../../optimizers/torch';
import { allAre, isNoRule, narrow, type OptimizerNames, type OptimizerWord } from '../../optimizers/word';
import type { MapNode } from '../../syntax/tree';
import { withArguments } from '../hugging-face/fields';
import { initOf, PEFT_INIT } from '../peft/lora-config';
import { shares, type Schedule } from '../schedules';
import { MAY_BE_DEEPSPEED } from '../shared/command';
import { classNumbers, field, has, key, keys, otherKind, says, timesRank, valueAt, wordAt } from '../shared/fields';
import type { Default, Fields, Source } from '../shared/fields';
import { continues, float16, halfWeights, on, resumes, unclear, unscaledInAll, type Trap } from '../shared/trap';
import type { Layout, Trainer } from '../trainer';

const OWN: OptimizerWord = { unknown: l10n.t("it is SimpleTuner's own version, which LoRA Alpha has not measured.") };
const UNMEASURED: OptimizerWord = { unknown: l10n.t("it is optimi's version, which LoRA Alpha has not measured.") };

const unclipped: Default = { value: 0, why: l10n.t('SimpleTuner never clips gradients for this optimizer.') };
const UNCLIPPED = { maxGradNorm: unclipped, maxGradValue: unclipped };

const ADAMW = { weightDecay: 0.01, eps: 1e-6, betas: [0.9, 0.999] } as const;
const AO_ADAMW = narrow({ row: 'adamw', defaults: ADAMW });

/** Classes of torch, to which SimpleTuner passes its own weight decay: `torch-adamw` is AdamW. */
const TORCH = ['Adam', 'AdamW', 'SGD', 'RAdam', 'NAdam', 'RMSprop', 'Adagrad', 'Adadelta', 'Adafactor', 'Adamax']
  .concat(['ASGD', 'SparseAdam'])
  .map((name): [string, OptimizerWord] => {
    const word = TORCH_CLASSES[`torch.optim.${name}`] ?? OWN;
    const weightDecay = name === 'AdamW' ? 0.01 : 0;
    return [
      `torch-${name.toLowerCase()}`,
      isNoRule(word) ? word : { ...word, defaults: { ...word.defaults, weightDecay } },
    ];
  });

/** Classes of bitsandbytes: `bnb-adamw8bit-paged` is PagedAdamW8bit. */
const BNB = ['Adagrad', 'Adam', 'AdamW', 'Lion', 'AdEMAMix'].flatMap((name) =>
  ['', '8bit'].flatMap((width) =>
    (name === 'Adagrad' || name === 'Adam' ? [''] : ['', 'Paged']).map((paged): [string, OptimizerWord] => {
      const rule = bnb(`${paged}${name}${width}`);
      const defaults = name === 'AdamW' ? ADAMW : rule.defaults;
      return [`bnb-${name.toLowerCase()}${width}${paged && '-paged'}`, { ...rule, ...(defaults && { defaults }) }];
    }),
  ),
);

/**
 * `optimizer` of SimpleTuner; its arguments are in `optimizer_config`.
 * @see https://github.com/bghira/SimpleTuner (simpletuner/helpers/training/optimizer_param.py, bc8e6ab7)
 */
const SIMPLETUNER_NAMES: OptimizerNames = {
  ...Object.fromEntries(TORCH),
  ...Object.fromEntries(BNB),
  adamw_bf16: { row: 'adamw', defaults: ADAMW },
  ...allAre(AO_ADAMW, 'ao-adamw8bit ao-adamw4bit ao-adamwfp8'),
  'ao-adamfp8': { ...AO_ADAMW, row: 'adam' },
  ...allAre(OWN, 'adamw_schedulefree adamw_schedulefree+aggressive adamw_schedulefree+no_kahan soap muon'),
  ...allAre(UNMEASURED, 'optimi-radam optimi-ranger optimi-adan'),
  'optimi-stableadamw': { ...OPTIMI_STABLE_ADAMW, fixed: UNCLIPPED },
  'optimi-adamw': OPTIMI_ADAMW,
  'optimi-lion': OPTIMI_LION,
  'optimi-adam': { row: 'adam', defaults: { betas: [0.9, 0.99], eps: 1e-6, weightDecay: 0 } },
  'optimi-sgd': { row: 'sgd', defaults: { momentum: 0, weightDecay: 0 } },
  prodigy: { ...PRODIGY_PLUS, fixed: UNCLIPPED },
};

const ON = ['true', '1', true, 1];
const isOn = (root: MapNode, name: string): boolean => ON.includes(valueAt(root, name) ?? false);

/** The families with a U-Net, whose ControlNet gets LoHa (helpers/models/common.py: add_lora_adapter). */
const UNETS = ['deepfloyd', 'kolors', 'sd1x', 'sd2x', 'sdxl', 'stable_cascade'];

const END: Schedule = { rates: { lr_end: 4e-7 }, forAllGroups: true };

function recognise(root: MapNode): boolean | { not: string } {
  // Other trainers have a model_type too.
  const isOurs = ['model_family', 'lora_type', 'data_backend_config'].some((name) => has(root, name));
  if (!isOurs || valueAt(root, 'model_type') !== 'lora') return false;
  const type = (wordAt(root, 'lora_type') || 'standard').toLowerCase();
  if (type !== 'standard') {
    return { not: l10n.t`lora_type is ${type}: another file, lycoris_config, defines the adapter.` };
  }
  if (isOn(root, 'controlnet') && UNETS.includes(wordAt(root, 'model_family'))) return otherKind('LoHa');
  const mode = (wordAt(root, 'peft_lora_mode') || 'standard').toLowerCase();
  return mode === 'standard' || otherKind(mode);
}

const fields: Fields = {
  rank: field('lora_rank', 16),
  alpha: field('lora_alpha', timesRank(1)),
  // A switch may be a string, too.
  useDora: field(key('use_dora', (value) => (value === 'true' || value === 'false' ? value === 'true' : value))),
  learningRate: field('learning_rate', 4e-7),
  optimizer: field('optimizer', 'adamw_bf16'),
  ...classNumbers('optimizer_config'),
  betas: { ...classNumbers('optimizer_config').betas, keys: keys('optimizer_beta1 optimizer_beta2') },
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

/** Without quantisation, all of the model is moved to the dtype of mixed precision (helpers/training/trainer.py: move_models). */
function keepsHalf(root: MapNode): boolean {
  const isWhole =
    wordAt(root, 'mixed_precision') === 'no' || !/^(?:|no_change)$/.test(wordAt(root, 'base_model_precision'));
  return /^(?:|adamw_bf16)$/.test(wordAt(root, 'optimizer')) || !isWhole;
}

const SAYS = {
  half: l10n.t`SimpleTuner keeps LoRA's own weights in 16 bits with adamw_bf16, and with mixed_precision (bf16 by default) unless the base model is quantised. So dividing the init by anything but a power of two is rounded.`,
  scaled: l10n.t`lr_scale multiplies the learning rate of the file by batch size, accumulation steps and number of processes. A plan changes the number in the file, and the effective learning rate changes by the same factor.`,
  pixart: l10n.t`SimpleTuner clips PixArt at 0.01 at most and ignores a larger max_grad_norm. So a plan cannot raise it: set max_grad_norm to 0.01 and i_know_what_i_am_doing to true, and SimpleTuner takes the number of the file.`,
  rounds: l10n.t`SimpleTuner rounds the learning rates of this schedule down to multiples of 1e-9, before and after the change. At a learning rate of 1e-5 the relative error is up to 1e-4.`,
  fsdp: l10n.t`With FSDP SimpleTuner replaces optimizers of optimi and bitsandbytes by AdamWScheduleFree, and clips differently.`,
  space: l10n.t`SimpleTuner splits optimizer_config at commas and keeps spaces, so the optimizer does not know a name after a space. Remove the spaces.`,
  continued: l10n.t`init_lora: this run continues a trained LoRA with its own rank and alpha. The trainer ignores rank and alpha in this config.`,
};

/** Whether the trainer lowers max_grad_norm to 0.01 (helpers/models/pixart/model.py: check_user_config). */
const isLowered = (root: MapNode): boolean =>
  wordAt(root, 'model_family') === 'pixart_sigma' && !isOn(root, 'i_know_what_i_am_doing');

const TRAPS: readonly Trap[] = [
  // Names of Hugging Face's Trainer (optimizer_param.py: optimizer_parameters).
  ...['adam_weight_decay', 'adam_epsilon', 'adam_beta1', 'adam_beta2'].map((name) => {
    const why = l10n.t`${name} is ignored: SimpleTuner passes it only to DeepSpeed's optimizer. Other optimizers read their arguments from optimizer_config, and their betas from optimizer_beta1 and optimizer_beta2.`;
    return on(name, 'key-ignored', why, {
      when: (root) => says(root, name) && !['true', '1'].includes(wordAt(root, 'use_deepspeed_optimizer')),
    });
  }),
  // Regularisers train a module that PEFT saves whole (helpers/models/common.py: get_lora_save_layers, 2026-08).
  ...['crepa_enabled', 'urepa_enabled', 'internal_guidance_enabled', 'nextlat_enabled'].map((name) =>
    unscaledInAll(name, l10n.t('an additional projector or head'), ON),
  ),
  // The layers of sparse linear attention join the group of LoRA (helpers/training/attention_backend.py).
  unscaledInAll('attention_mechanism', l10n.t('the layers of SLA'), ['sla']),
  // ACE-Step (trainer.py: init_optimizer).
  unscaledInAll('lyrics_embedder_train', l10n.t('the lyrics embedder'), ON),
  // HeartMuLa and MiniMax Music save them whole (get_lora_save_layers).
  unscaledInAll(
    'xm_enabled',
    l10n.t('the embeddings of the routes'),
    (root) => isOn(root, 'xm_enabled') && valueAt(root, 'xm_training_target') === 'route',
  ),
  on('max_grad_norm', 'key-ignored', SAYS.pixart, {
    limits: 'approximate',
    blocksEdits: true,
    // A threshold of 0 turns clipping off, and it never clips for these two.
    when: (root) =>
      isLowered(root) &&
      valueAt(root, 'max_grad_norm') !== 0 &&
      !/^(?:prodigy|optimi-stable)/.test(wordAt(root, 'optimizer')),
  }),
  // A text encoder gets no LoRA (model_freeze.py, optimizer_param.py).
  unscaledInAll('train_text_encoder', l10n.t('the text encoder itself'), ON),
  halfWeights('optimizer', keepsHalf, SAYS.half),
  { ...resumes('resume_from_checkpoint'), severity: 'info' },
  on('lr_scale', 'rate-scaled', SAYS.scaled, { when: ON }),
  {
    // `math.floor(lr * 1e9) / 1e9` (simpletuner/helpers/training/custom_schedule.py).
    code: 'schedule-rounds',
    message: SAYS.rounds,
    applies: (root) => ['sine', 'cosine', 'cosine_with_restarts'].includes(wordAt(root, 'lr_scheduler')),
    limits: 'approximate',
  },
  continues('init_lora', { message: SAYS.continued }),
  // simpletuner/helpers/training/optimizer_param.py: _requires_fsdp2_safe_fallback, convert_arg_to_parameters
  unclear('fsdp_enable', SAYS.fsdp, { when: ON }),
  unclear('optimizer_config', SAYS.space, { when: /\s/, blocksEdits: true }),
  // simpletuner/helpers/training/trainer.py: run_trainer_job
  unclear('accelerate_config', MAY_BE_DEEPSPEED),
  unclear('accelerate_extra_args', MAY_BE_DEEPSPEED, { when: /deepspeed|fsdp|megatron|config_file/ }),
  // A distillation may train a critic or a second adapter (simpletuner/helpers/distillation).
  unclear('distillation_method', l10n.t('A distillation can train additional networks.'), { when: /^(?!None$)./ }),
];

/** `max_grad_norm` is a threshold on each element of the gradient, unless grad_clip_method is norm. */
const CLIP = field('max_grad_norm', 2);
const LOWERED: Source = field(
  key('max_grad_norm', (value) => (Number(value) > 0.01 ? 0.01 : value)),
  { value: 0.01, why: l10n.t('SimpleTuner clips PixArt at 0.01.') },
);
const clipOf = (root: MapNode): Source => (isLowered(root) ? LOWERED : CLIP);

/** @see https://github.com/bghira/SimpleTuner (simpletuner/helpers/models/common.py, configuration/*.py, bc8e6ab7) */
const byValue: Layout = {
  id: 'simpletuner',
  recognise,
  inFile: (root) => ({ ...byValue, fields: { ...fields, maxGradValue: clipOf(root) } }),
  fields: { ...fields, maxGradValue: CLIP },
  optimizers: SIMPLETUNER_NAMES,
  argumentsAt: 'optimizer_config',
  argumentsAs: 'text',
  // Its own end at lr_end; those it takes from diffusers know no such end (training/custom_schedule.py: get_lr_scheduler).
  schedule: {
    schedules: {
      ...{ sine: END, cosine: END, cosine_with_restarts: END, polynomial: { rates: END.rates } },
      ...shares('linear constant constant_with_warmup'),
    },
    at: '',
  },
  known: {
    '': `gradient_precision group_offload_* i_know_what_i_am_doing offset_noise rescale_betas_zero_snr
      training_scheduler_timestep_spacing accelerate_* allow_dataset_oversubscription assistant_lora_*
      base_model_precision checkpoint_* controlnet* delete_* disable_* ema_* find_unused_parameters fuse_qkv_projections
      hidream_* ideogram_* ltx2_* minimax_h3_* text_encoder_*_precision audio_flow_schedule_shift flow_* framerate
      grad_clip_method gradient_checkpointing_* init_lora_ema init_lora_step lora_format lora_type lr_end lr_num_cycles
      lr_power lr_scale_sqrt lycoris_config machine_rank musubi_blocks_to_swap peft_lora_mode print_* ramtorch* sdnq_*
      set_grads_to_none skip_file_discovery strict_epoch_limit text_encoder_lr tread_config user_prompt_library
      vae_dtype validation_* xm_*`,
  },
  traps: TRAPS,
  float16: float16('mixed_precision', ['fp16']),
  initCode: dividing(PEFT_LIBRARY, [
    '# In simpletuner/helpers/models/common.py, at the end of add_lora_adapter().',
    '# With init_lora this is skipped: those factors are already trained.',
    'if init_lora_state_dict is None:',
    '    model = trained_component',
    '    …',
  ]),
};

const byNorm: Layout = {
  ...byValue,
  id: 'simpletuner-norm',
  recognise: (root) => valueAt(root, 'grad_clip_method') === 'norm' && recognise(root),
  inFile: (root) => ({ ...byNorm, fields: { ...fields, maxGradNorm: clipOf(root) } }),
  fields: { ...fields, maxGradNorm: CLIP },
};

/** A config as arguments: keys with or without `--`, and `optimizer_config` as a map. */
function asArguments(root: MapNode): MapNode {
  const nameOf = (name: string): string => name.replace(/^-+/, '').replaceAll('-', '_');
  const entries = root.entries.map((entry) => ({ ...entry, key: nameOf(entry.key) }));
  const named = { ...root, entries };
  return /\s/.test(wordAt(named, 'optimizer_config')) ? named : withArguments(named, 'optimizer_config');
}

export const simpleTuner: Trainer = {
  id: 'simpletuner',
  name: 'SimpleTuner',
  syntaxes: ['json', 'toml'],
  hint: /\bmodel_type["']?\s*[:=]\s*["']?lora\b/,
  loaders: { json: 'json.load', toml: 'toml.load' },
  textNumbers: 'converts',
  runs: (root) => [{ root: asArguments(root) }],
  source: { repository: 'bghira/SimpleTuner', commit: 'bc8e6ab77', date: '2026-08-22' },
  programs: ['simpletuner'],
  layouts: [byNorm, byValue],
};
