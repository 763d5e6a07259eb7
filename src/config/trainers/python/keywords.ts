import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { callIn, isWritten, nodeAt, type Entry, type MapNode } from '../../syntax/tree';

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

/**
 * Training arguments of which it is known what they do: the optimizer's are read, all others are the same in both runs.
 * @see https://github.com/huggingface/transformers/blob/v5.24.0/src/transformers/training_args.py, and that of 4.57
 */
const TRAINER = set(`output_dir per_device_train_batch_size num_train_epochs max_steps learning_rate lr_scheduler_type
  lr_scheduler_kwargs warmup_steps warmup_ratio optim optim_args weight_decay adam_beta1 adam_beta2 adam_epsilon
  optim_target_modules gradient_accumulation_steps average_tokens_across_devices max_grad_norm label_smoothing_factor
  bf16 fp16 bf16_full_eval fp16_full_eval tf32 activation_checkpointing gradient_checkpointing
  gradient_checkpointing_kwargs torch_compile torch_compile_backend torch_compile_mode use_liger_kernel use_cache
  neftune_noise_alpha auto_find_batch_size logging_strategy logging_steps logging_first_step log_level disable_tqdm
  report_to run_name project trackio_space_id eval_strategy eval_steps per_device_eval_batch_size prediction_loss_only
  eval_accumulation_steps save_only_model save_strategy save_steps save_on_each_node save_total_limit push_to_hub
  hub_token hub_private_repo hub_model_id hub_strategy load_best_model_at_end metric_for_best_model greater_is_better
  ignore_data_skip full_determinism seed data_seed use_cpu accelerator_config dataloader_drop_last
  dataloader_num_workers dataloader_pin_memory dataloader_persistent_workers dataloader_prefetch_factor
  remove_unused_columns label_names ddp_find_unused_parameters ddp_backend ddp_timeout fsdp fsdp_config debug do_train
  do_eval do_predict resume_from_checkpoint local_rank evaluation_strategy save_safetensors group_by_length no_cuda
  logging_dir overwrite_output_dir dispatch_batches split_batches include_tokens_per_second
  fsdp_transformer_layer_cls_to_wrap push_to_hub_token eval_batch_size predict_with_generate generation_max_length
  generation_config batch_sampler prompts`);

/** @see https://github.com/huggingface/trl/tree/v1.16.0/trl/trainer (the *_config.py), those of 0.8 to 0.29, and Unsloth's */
const TRL = set(`activation_offloading assistant_only_loss beta cache_implementation center_rewards_coefficient
  chat_template_kwargs chat_template_path completion_only_loss dataset_kwargs dataset_num_proc dataset_text_field
  datasets delta desirable_weight eos_token epsilon epsilon_high f_divergence_type generation_kwargs
  importance_sampling_level label_smoothing ld_alpha log_completions log_multimodal loss_type loss_weights
  mask_truncated_completions max_completion_length max_length max_tool_calling_iterations min_p model_init_kwargs
  multi_objective_aggregation normalize_advantages num_completions_to_print num_generations num_generations_eval
  num_iterations packing packing_strategy pad_to_multiple_of pad_token padding_free precompute_ref_log_probs
  ref_model_sync_steps repetition_penalty reward_clip_range reward_weights scale_rewards shuffle_dataset
  steps_per_generation streaming sync_ref_model teacher_model_name_or_path temperature top_k top_p truncation_mode
  trust_remote_code undesirable_weight use_vllm use_weighting vllm_enable_sleep_mode vllm_gpu_memory_utilization
  vllm_importance_sampling_cap vllm_importance_sampling_correction vllm_max_model_length vllm_mode vllm_model_impl
  vllm_server_base_url vllm_server_host vllm_server_port vllm_server_timeout vllm_structured_outputs_regex
  vllm_tensor_parallel_size vllm_max_model_len vllm_sampling_params vllm_guided_decoding_regex max_seq_length
  num_of_sequences chars_per_token max_prompt_length max_target_length generate_during_eval is_encoder_decoder
  rpo_alpha use_logits_to_keep use_liger tools label_pad_token_id padding_value lmbda cpo_alpha simpo_gamma alpha
  max_new_tokens response_length num_ppo_epochs kl_coef gamma reward_model_path sft_model_path world_size
  embedding_learning_rate loraplus_lr_ratio loraplus_lr_embedding importance_sampling_level uld_crossentropy_weight
  uld_distillation_weight use_uld_loss shuffle_buffer_size`);

/** Training arguments that decide the steps of the LoRA parameters. */
const DECIDING = set(`learning_rate weight_decay adam_beta1 adam_beta2 adam_epsilon max_grad_norm optim optim_args
  optim_target_modules lr_scheduler_type lr_scheduler_kwargs warmup_ratio warmup_steps loraplus_lr_ratio
  loraplus_lr_embedding embedding_learning_rate deepspeed fsdp fsdp_config alpha`);

/** Training arguments that may be read and set without any effect on those steps. */
export const PLAIN_ARGUMENTS: readonly string[] = [...TRAINER, ...TRL].filter((word) => !DECIDING.has(word));

/** Arguments of torch's and bitsandbytes' optimizers, and of PEFT's LoRA+; those that have a unit are fields of the rows. */
const OPTIMIZER =
  set(`params lr betas eps weight_decay amsgrad foreach maximize capturable differentiable fused momentum dampening
  nesterov alpha centered rho lambd t0 lr_decay initial_accumulator_value etas step_sizes decoupled_weight_decay
  momentum_decay ns_steps adjust_lr_fn beta2_decay d args min_8bit_size max_unorm alpha t_alpha t_beta3 beta1 beta2
  beta3 scale_parameter relative_step warmup_init clip_threshold decay_rate d_coef d0 growth_rate safeguard_warmup
  use_bias_correction decouple warmup_steps r model optimizer_cls optimizer_kwargs loraplus_lr_ratio
  loraplus_lr_embedding loraplus_weight_decay block_size eps2 decouple_lr kahan_sum class`);

/** Arguments of the training arguments and of the optimizer of which it is not known what they do. */
export function unreadKeywords(root: MapNode): Unread[] {
  const isTraining = callIn(root) !== null;
  const training = isTraining ? root.entries.filter(({ home }) => home === 'python-argument') : [];
  const optimizer = nodeAt(root, ['optimizer']);
  const own = optimizer?.kind === 'map' ? optimizer.entries.filter(isWritten) : [];
  return [
    ...training.filter(({ key }) => !TRAINER.has(key) && !TRL.has(key)).flatMap((entry) => unknown(entry)),
    ...own.filter(({ key }) => !OPTIMIZER.has(key)).flatMap((entry) => unknown(entry)),
    ...(optimizer?.kind === 'map' ? optimizer.entries.filter(isByPlace).map(byPlace) : []),
  ];
}

/** Whether an argument has a place, but no name, after the parameters and the learning rate. */
function isByPlace({ key }: Entry): boolean {
  return /^\d+$/.test(key) && Number(key) >= 2;
}

/** Classes differ in the order of their arguments: the third of AdamW is betas, of SGD the momentum. */
function byPlace({ value: { range } }: Entry): Unread {
  return { range, why: l10n.t('This argument of the optimizer has no name. Give it its name.'), mayMove: true };
}

/** An unknown argument; None and False are harmless. */
function unknown({ key, keyRange, value }: Entry): Unread[] {
  if (value.kind === 'scalar' && value.unresolved === undefined && (value.value === null || value.value === false))
    return [];
  // The value behind a name may be far above the call.
  const range = { start: keyRange.start, end: Math.max(keyRange.end, value.range.end) };
  if (key === 'deepspeed') {
    return [{ range, why: l10n.t("DeepSpeed's config may set another optimizer, schedule and max grad norm.") }];
  }
  return [
    { range, why: l10n.t`${key} is an unknown argument, which may set the optimizer or its numbers.`, mayMove: true },
  ];
}
