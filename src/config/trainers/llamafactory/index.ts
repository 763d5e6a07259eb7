import * as l10n from '@vscode/l10n';
import { dividing, PEFT_LIBRARY } from '../../init-code/divide';
import { HEAD_BY_ADAM, MUON } from '../../optimizers/packages';
import { allAre, type OptimizerNames } from '../../optimizers/word';
import type { MapNode } from '../../syntax/tree';
import { DEEPSPEED_MIXED_IF_SET, HF_FIELDS, HF_KEYS, HF_LAYOUT, HF_PEFT, HF_TRAINER } from '../hugging-face/fields';
import { HF_FLOAT16, unreadDeepspeed, withArguments } from '../hugging-face/fields';
import { fixedBy, FROM_MODEL, HF_NAMES } from '../hugging-face/optimizers';
import { embeddingRate, loraFields, PEFT_INIT } from '../peft/lora-config';
import { isModule } from '../python/tree';
import { positional } from '../shared/command';
import { field, fixedAt, isOnOrFilled, key, keys, onlyIf, says, timesRank, valueAt, wordAt } from '../shared/fields';
import { continues, halfWeights, resumes, stops, unclear, unscaled, unscaledInAll } from '../shared/trap';
import type { Layout, Trainer } from '../trainer';

/**
 * `optim_config.name` of LLaMA-Factory v1. Its `muon` trains the LoRA factors with its own AdamW.
 * @see https://github.com/hiyouga/LLaMA-Factory (src/llamafactory/v1: core/base_trainer.py: _init_optimizer; plugins/trainer_plugins/optimizers/optimizer.py)
 */
const V1_NAMES: OptimizerNames = {
  // It gets only the learning rate.
  AdamW: { row: 'adamw', fixed: fixedBy('torch.optim.AdamW', { weightDecay: 0.01, eps: 1e-8, betas: [0.9, 0.999] }) },
  muon: {
    row: 'adamw',
    defaults: { weightDecay: 0.1, eps: 1e-8, betas: [0.9, 0.95] },
    fields: {
      weightDecay: field('optim_config.wd'),
      eps: field('optim_config.adamw_eps'),
      betas: field('optim_config.adamw_betas'),
    },
  },
};

/**
 * LLaMA-Factory's second layout, with the adapter under `peft_config`.
 * @see https://github.com/hiyouga/LLaMA-Factory (src/llamafactory/v1: plugins/model_plugins/peft.py, core/base_trainer.py)
 */
const layoutV1: Layout = {
  id: 'llamafactory-v1',
  owner: 'LLaMA-Factory v1',
  recognise: (root) =>
    valueAt(root, 'peft_config.name') === 'lora' && says(root, 'model') && !says(root, 'peft_config.export_dir'),
  fields: {
    ...loraFields('r', [8, 16, 0.05], 'peft_config.'),
    learningRate: field('learning_rate', 1e-4),
    optimizer: field('optim_config.name', 'AdamW'),
    maxGradNorm: field('max_grad_norm', 1),
    scheduler: field('lr_scheduler_config.name', 'constant'),
    init: fixedAt(PEFT_INIT),
    targetModules: field('peft_config.target_modules', 'all'),
  },
  optimizers: V1_NAMES,
  known: {
    '': `bf16 custom_chat_template cutoff_len dist_config dpo_* enable_activation_checkpointing full_determinism
      kernel_config ld_alpha model pref_* simpo_gamma template train_dataset`,
    peft_config: '',
    optim_config: 'adamw_betas adamw_eps wd',
  },
  traps: [
    unscaled('peft_config.modules_to_save'),
    continues('peft_config.adapter_name_or_path'),
    // No scheduler comes with it (plugins/trainer_plugins/lr_scheduler.py): one that is named is the user's own.
    unclear('lr_scheduler_config', l10n.t('This scheduler is a plugin; its arguments may hold learning rates.'), {
      blocksEdits: true,
    }),
  ],
  float16: HF_FLOAT16,
  initCode: dividing(PEFT_LIBRARY, [
    '# LLaMA-Factory v1 has no hook for this. In src/llamafactory/v1/plugins/model_plugins/peft.py, in get_lora_model,',
    '# after model = get_peft_model(model, peft_config):',
    '    …',
  ]),
};

const BEATEN = l10n.t`With loraplus_lr_ratio LLaMA-Factory builds the optimizer of optim and ignores use_adam_mini and use_muon; remove one of them.`;
const beatenByLoraplus = unclear('loraplus_lr_ratio', BEATEN);

/**
 * `optim` of LLaMA-Factory, and its switches use_galore, use_muon … under the names without `use_`.
 * @see https://github.com/hiyouga/LLaMA-Factory (src/llamafactory/train/trainer_utils.py: create_custom_optimizer; hparams/parser.py)
 */
const NAMES: OptimizerNames = {
  ...HF_NAMES,
  ...allAre({ refused: l10n.t('LLaMA-Factory does not combine it with LoRA.') }, 'galore apollo badam'),
  adam_mini: { row: 'adam-mini', traps: [beatenByLoraplus] },
  muon: { ...MUON, fixed: { ...MUON.fixed, momentum: { value: 0.95 } }, traps: [...HEAD_BY_ADAM, beatenByLoraplus] },
};

/** Switches that replace the optimizer of `optim`. */
const SWITCHES = ['galore', 'apollo', 'badam', 'adam_mini', 'muon'].map((name) =>
  key(`use_${name}`, onlyIf(true, name)),
);

/**
 * Keys that resize the vocabulary, which makes the embeddings train (model/adapter.py; tokens are added in
 * model/patcher.py).
 */
const VOCABULARY = 'resize_vocab add_tokens add_special_tokens new_special_tokens_config new_special_tokens'.split(' ');

/** A switch; flags bring the words of Python. */
const isOn = (root: MapNode, name: string): boolean => wordAt(root, name).toLowerCase() === 'true';

/** Whether the file only evaluates: do_train is off by default (train/sft/workflow.py). */
const isForEvaluation = (root: MapNode): boolean =>
  (isOn(root, 'do_eval') || isOn(root, 'do_predict')) && /^(?:|false)$/i.test(wordAt(root, 'do_train'));

/**
 * Arguments of LLaMA-Factory 0.5 to 0.9.5 (src/llamafactory/hparams), but for those that bring another trainer or train
 * other weights. Any other key stops it (hparams/parser.py: HfArgumentParser, ff6d4d12).
 */
const KNOWN = `${HF_KEYS} double_quantization early_stopping_steps freeze_multi_modal_projector neat_packing
  asft_alpha eaft_alpha freeze_trainable_layers print_param_status train_on_prompt use_audio_in_video use_reentrant_gc use_unsloth_gc apollo_* badam_* compute_*
  create_new_adapter cutoff_len default_system disable_* do_sample dpo_* enable_* finetuning_type freeze_extra_modules
  freeze_language_model freeze_vision_tower galore_* kto_* lang ld_alpha max_* mixed_precision mode model_*
  module_dropout moe_* num_* oft_* pissa_* ppo_* pref_* ref_model* reward_* simpo_gamma task template train_from_scratch
  upcast_* use_distributed_optimizer use_fast_tokenizer use_llama_pro use_swanlab use_unsloth use_v1_kernels`;

/** @see https://github.com/hiyouga/LLaMA-Factory (src/llamafactory/hparams/finetuning_args.py, ff6d4d12) */
const layout: Layout = {
  ...HF_LAYOUT,
  id: 'llamafactory',
  recognise: (root) => {
    if (says(root, 'export_dir') || isForEvaluation(root)) return false;
    const type = valueAt(root, 'finetuning_type');
    const isNumbered = says(root, 'lora_rank', 'lora_target', 'lora_alpha');
    if (type === 'lora') return isNumbered || says(root, 'stage', 'do_train', 'learning_rate');
    // It trains LoRA by default.
    return type === undefined && says(root, 'stage') && isNumbered;
  },
  fields: {
    ...HF_FIELDS,
    ...loraFields('lora_rank', [8, timesRank(2), 0]),
    loraplusLrRatio: field('loraplus_lr_ratio'),
    optimizer: field([...SWITCHES, 'optim'], 'adamw_torch', HF_TRAINER),
    init: field(key('pissa_init', onlyIf(true, 'pissa')), PEFT_INIT),
    targetModules: field('lora_target', 'all'),
  },
  optimizers: NAMES,
  // GaLore and APOLLO override LoRA+, and LoRA+ overrides the others (train/trainer_utils.py).
  loraplus: {
    dropsDecay: false,
    vectorsWithB: true,
    ignoredBy: new Set(['galore', 'apollo', 'badam', 'adam_mini', 'muon', ...FROM_MODEL]),
  },
  traps: [
    unscaled('additional_target'),
    embeddingRate('lora_target', 'loraplus_lr_ratio', 'loraplus_lr_embedding'),
    halfWeights('pure_bf16', [true]),
    DEEPSPEED_MIXED_IF_SET,
    // The first of them that the file has, unless additional_target names other modules.
    ...VOCABULARY.map((name, i) =>
      unscaled(name, l10n.t('the embeddings'), {
        when: (root) =>
          isOnOrFilled(root, name) &&
          ![...VOCABULARY.slice(0, i), 'additional_target'].some((other) => isOnOrFilled(root, other)),
      }),
    ),
    // train/trainer_utils.py: create_ref_model
    stops(
      'use_asft_loss',
      l10n.t`use_asft_loss needs ref_model: without it LLaMA-Factory makes no reference model for LoRA, and stops at the first step.`,
      { when: (root) => isOn(root, 'use_asft_loss') && !says(root, 'ref_model') },
    ),
    unscaledInAll('stage', l10n.t('the value head'), ['rm', 'ppo']),
    continues('adapter_name_or_path', {
      when: (root) => isOnOrFilled(root, 'adapter_name_or_path') && valueAt(root, 'create_new_adapter') !== true,
    }),
    resumes('resume_from_checkpoint'),
  ],
  known: { '': KNOWN },
  nullable: 'lora_alpha', // hparams/finetuning_args.py: twice the rank
  unread: unreadDeepspeed,
  // model/adapter.py: _setup_lora_tuning; train/trainer_utils.py: _create_loraplus_optimizer
  peft: {
    ...HF_PEFT,
    fields: {
      init_lora_weights: key('pissa_init', onlyIf(true, 'pissa_niter_16')),
      modules_to_save: key('additional_target'),
    },
    names: (text) => (text === 'all' ? 'all-linear' : text.split(',').map((name) => name.trim())),
    models: [key('model_name_or_path')],
    others: keys(`adapter_name_or_path pissa_iter use_llama_pro use_unsloth use_kt optim_target_modules
      ${VOCABULARY.join(' ')}`),
  },
  float16: HF_FLOAT16,
  initCode: dividing(PEFT_LIBRARY, [
    '# train_rescaled.py. Instead of llamafactory-cli train, run:   python train_rescaled.py your_config.yaml',
    '# on_init_end runs after the model is built and before the optimizer is.',
    'from llamafactory.train.tuner import run_exp',
    'from transformers import TrainerCallback',
    '',
    '',
    'class RescaleInit(TrainerCallback):',
    '    def on_init_end(self, args, state, control, model=None, **kwargs):',
    '        …',
    ...['', '', 'if __name__ == "__main__":', '    run_exp(callbacks=[RescaleInit()])'],
  ]),
};

export const llamafactory: Trainer = {
  id: 'llamafactory',
  name: 'LLaMA-Factory',
  syntaxes: ['yaml', 'json', 'python'],
  hint: /\bfinetuning_type["']?\s*[:=][^\n]{0,200}lora|\blora_(?:rank|target|alpha)["']?\s*:|\bpeft_config["']?\s*:/,
  loaders: { yaml: 'OmegaConf.load', json: 'json.load' },
  dotlessNumbers: l10n.t`PyYAML reads a number without a dot as a string, and versions of LLaMA-Factory that read configs with PyYAML stop here. All versions read 1.0e-4 as a number.`,
  source: { repository: 'hiyouga/LLaMA-Factory', commit: 'ff6d4d12eeb0', date: '2026-08-18' },
  // It loads configs with OmegaConf without resolving, so `${…}` stays a string (hparams/parser.py, read_args).
  runs: (root) => (isModule(root) ? [] : [{ root: withArguments(root) }]),
  commandLine: {
    program:
      /\b(?:llamafactory-cli|lmf|llamafactory) train\b|\btrain_bash\.py\b|\bsrc[/\\]train\.py\b|(?:^|[ /\\])llamafactory[/\\]/,
    hint: /\bllamafactory-cli\b|\blmf\b|\btrain_bash\.py\b|\bsrc[/\\]train\.py\b/,
    takesOverrides: (root) => positional(root) !== null,
    config: positional,
  },
  programs: ['llamafactory-cli', 'lmf', 'llamafactory'],
  owns: /(?:^|[ /\\])llamafactory(?:[ ./\\]|$)/,
  layouts: [layout, layoutV1],
};
