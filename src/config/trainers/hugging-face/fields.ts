import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { argumentText } from '../../syntax/shell/arguments';
import { entryAt, nodeAt, type MapNode } from '../../syntax/tree';
import { HF_SCHEDULES } from '../schedules';
import { field, has, ifRowHas, isFilled, isMap, isOnOrFilled, key, valueAt, wordAt } from '../shared/fields';
import type { Default, DefaultOf, Fields, Source } from '../shared/fields';
import { unread } from '../shared/known';
import { float16, halfWeights, on, stops, type Trap } from '../shared/trap';
import type { Layout, PeftKeys, ScheduleKeys } from '../trainer';

/**
 * Who has the defaults that trainers on top of Hugging Face's Trainer share.
 * @see https://github.com/huggingface/transformers/blob/v5.24.0/src/transformers/training_args.py
 */
export const HF_TRAINER = l10n.t("Hugging Face's Trainer (transformers 5.24)");

const SAYS = {
  unclipped: l10n.t`max_grad_norm is null: transformers 4 does not clip then, and transformers 5 stops. Set it to 0.`,
  old: l10n.t`LoRA Alpha assumes transformers 5.24, which has no warmup_ratio and stops. There a warmup_steps below 1 is the share of the steps. With transformers 4 the file runs as LoRA Alpha reads it.`,
  half: l10n.t`DeepSpeed keeps LoRA's own weights in 16 bits in mixed precision, so dividing the init by anything but a power of two is rounded.`,
};

/** transformers 4.57 asks whether it is None (src/transformers/trainer.py: _inner_training_loop), 5.24 does not. */
export const clipOf: DefaultOf = ({ root }) =>
  has(root, 'max_grad_norm') ? { value: 0, why: SAYS.unclipped } : { value: 1, who: HF_TRAINER };

export const HF_FIELDS = {
  weightDecay: field('weight_decay', 0, HF_TRAINER),
  eps: field('adam_epsilon', ifRowHas('eps', 1e-8, HF_TRAINER)),
  betas: field(['adam_beta1', 'adam_beta2'], ifRowHas('betas', [0.9, 0.999], HF_TRAINER)),
  // Transformers passes these to torch.optim.SGD (trainer_optimizer.py: _get_sgd).
  momentum: field('optim_args.momentum'),
  nesterov: field('optim_args.nesterov'),
  maxGradNorm: field('max_grad_norm', clipOf),
  learningRate: field('learning_rate', 5e-5, HF_TRAINER),
  scheduler: field('lr_scheduler_type', 'linear', HF_TRAINER),
  warmup: field(['warmup_steps', 'warmup_ratio'], 0, HF_TRAINER),
} satisfies Fields & Record<string, Source>;

/**
 * Parameters that Hugging Face's Trainer excludes from weight decay.
 * @see https://github.com/huggingface/transformers/blob/v5.24.0/src/transformers/trainer.py (get_decay_parameter_names)
 */
export const HF_NO_DECAY = /bias|layernorm|rmsnorm|(?:^|\.)norm(?:$|\.)|_norm(?:$|\.)/;

/** PEFT's LoRA+ gives embeddings an absolute rate. */
export const HF_RATES = { learningRate: [key('loraplus_lr_embedding')] };

/** What PEFT needs besides the recipe, as Hugging Face's Trainer has it. */
export const HF_PEFT = {
  seed: key('seed'),
  batch: key('per_device_train_batch_size'),
  batchDefault: 8,
  noDecay: HF_NO_DECAY,
} satisfies Partial<PeftKeys>;

export const HF_SCHEDULE: ScheduleKeys = { schedules: HF_SCHEDULES, at: 'lr_scheduler_kwargs', jsonFlag: true };

/** The key of the optimizer's arguments: a map, or one string (see {@link withArguments}). */
export const HF_ARGUMENTS = 'optim_args';

/** The tree with the optimizer's arguments as a map where they are one string. */
export function withArguments(root: MapNode, at = HF_ARGUMENTS): MapNode {
  const entries = root.entries.map((entry) => {
    const { key: name, value } = entry;
    const isText = name === at && value.kind === 'scalar' && typeof value.value === 'string';
    return isText ? { ...entry, value: argumentText(value) } : entry;
  });
  return { ...root, entries };
}

/** What the layouts of training arguments share, but for the fields. */
export const HF_LAYOUT = {
  argumentsAt: HF_ARGUMENTS,
  argumentsAs: 'text',
  linked: HF_RATES,
  schedule: HF_SCHEDULE,
} satisfies Partial<Layout>;

/** The optimizer of transformers 5 with torch 2.8 or later; before that adamw_torch, whose steps are the same. */
export const HF_OPTIMIZER: Default = {
  value: 'adamw_torch_fused',
  who: l10n.t("Hugging Face's Trainer (transformers 5.24 with torch 2.8 or later)"),
};

/** @see https://github.com/huggingface/transformers/blob/v5.24.0/src/transformers/training_args.py (warmup_steps) */
export const OLD_ARGUMENTS = on('warmup_ratio', 'argument-gone', SAYS.old, {
  when: (root) => nodeAt(root, ['warmup_ratio']) !== null,
});

/**
 * Training arguments of transformers 4.30 to 5.24 that no unit changes, beside those of every trainer. Not here: `adafactor`,
 * which takes the place of `optim`. Those that a script may read or set are here by their whole names.
 * @see https://github.com/huggingface/transformers (src/transformers/training_args.py, training_args_seq2seq.py)
 */
export const HF_KEYS = `accelerator_config average_tokens_across_devices batch_sampler bf16* data_seed
  dataloader_num_workers dataloader_pin_memory ddp_find_unused_parameters debug disable_tqdm dispatch_batches do_eval
  do_predict do_train eval_accumulation_steps eval_batch_size eval_steps eval_strategy evaluation_strategy fp16*
  full_determinism generation_config generation_max_length gradient_accumulation_steps gradient_checkpointing*
  greater_is_better group_by_length half_precision_backend hub_model_id hub_strategy hub_token ignore_data_skip
  label_names label_smoothing_factor load_best_model_at_end local_rank log_level logging_dir logging_first_step
  logging_steps logging_strategy max_steps metric_for_best_model neftune_noise_alpha no_cuda num_train_epochs
  optim_target_modules output_dir overwrite_output_dir per_device_eval_batch_size per_device_train_batch_size
  predict_with_generate prediction_loss_only project prompts push_to_hub remove_unused_columns report_to run_name
  save_only_model save_safetensors save_steps save_strategy save_total_limit seed skip_memory_metrics sortish_sampler
  split_batches tf32 torch_compile train_sampling_strategy use_cache use_cpu use_liger_kernel`;

/**
 * DeepSpeed's files that the trainers bring along, and ms-swift's words for them. They have no optimizer and no schedule,
 * and take max grad norm over (`"auto"`).
 * @see LLaMA-Factory (examples/deepspeed, ff6d4d12), Axolotl (deepspeed_configs, 067b021c), ms-swift (swift/config, 3602360a)
 */
const SHIPPED =
  /(?:^|\/)examples\/deepspeed\/ds_z[023]_(?:\w+_)?config\.json$|(?:^|\/)deepspeed_configs\/zero[123]\w*\.json$|^zero[0123](?:_offload)?$/;

const usesDeepspeed = (root: MapNode): boolean => isFilled(root, 'deepspeed');

/** Settings of DeepSpeed: in a file, or at `deepspeed` if they are not left to the trainer. */
export function unreadDeepspeed(root: MapNode): Unread[] {
  const entry = entryAt(root, ['deepspeed']);
  if (!entry || !usesDeepspeed(root) || SHIPPED.test(wordAt(root, 'deepspeed'))) return [];
  const isHere = isMap(root, 'deepspeed');
  const sets = (name: string): boolean =>
    isFilled(root, `deepspeed.${name}`) && valueAt(root, `deepspeed.${name}`) !== 'auto';
  if (isHere && !['optimizer', 'scheduler', 'gradient_clipping', 'fp16.enabled'].some(sets)) return [];
  const why = l10n.t`DeepSpeed can set its own optimizer, schedule or max grad norm, and LoRA Alpha does not read its settings.`;
  return [unread(entry, why, isHere)];
}

/**
 * In mixed precision DeepSpeed converts the whole model to 16 bits, A and B included.
 * @param applies whether the file trains with DeepSpeed in mixed precision
 * @see https://github.com/deepspeedai/DeepSpeed (deepspeed/runtime/engine.py: _configure_distributed_model)
 */
export const deepspeedHalfPrecision = (label: string, applies: Trap['applies']): Trap =>
  halfWeights(label, applies, SAYS.half);

const isOff = (root: MapNode, name: string): boolean => /^(?:false|no)$/.test(wordAt(root, name));

/** `fp16` of the training arguments; a script's `fp16=not is_bfloat16_supported()` may turn it on as well. */
export const HF_FLOAT16 = float16('fp16', (root) => isOnOrFilled(root, 'fp16') && !isOff(root, 'fp16'));

/** @param isUsual whether the trainer has mixed precision on by default */
const deepspeedMixed = (isUsual: boolean): Trap =>
  deepspeedHalfPrecision('deepspeed', (root) => {
    const isOn = (name: string): boolean => isOnOrFilled(root, name) && !isOff(root, name);
    return usesDeepspeed(root) && (isOn('fp16') || isOn('bf16') || (isUsual && !isOff(root, 'bf16')));
  });
export const [DEEPSPEED_MIXED_BY_DEFAULT, DEEPSPEED_MIXED_IF_SET] = [deepspeedMixed(true), deepspeedMixed(false)];

const NOT_SYNCED = l10n.t(
  'TRL 1.9 to 1.16 stop: with LoRA there is no reference model that sync_ref_model could keep in step.',
);
/** A reference that follows the model: one with an adapter has none (trl/trainer/grpo_trainer.py, v1.9.0, v1.16.0). */
export const unsynced = (label: string): Trap => stops(label, NOT_SYNCED, { when: 'on' });
