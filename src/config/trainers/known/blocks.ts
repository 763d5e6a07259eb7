import { keys } from './keys';

const all = (...sets: readonly ReadonlySet<string>[]): ReadonlySet<string> => new Set(sets.flatMap((set) => [...set]));

/**
 * Arguments of the classes of torch.optim, bitsandbytes and torchao that are numbers of a row, or have no unit.
 * @see torch 2.13, bitsandbytes 0.50, torchao (the signatures of their optimizers)
 */
export const OPTIMIZER_ARGUMENTS = keys(`
  _component_ _target_ adam_w_mode adjust_lr_fn alpha amsgrad beta2_decay betas bf16_stochastic_round bias_correction block_size
  block_wise capturable centered clip_threshold d dampening decay_rate decoupled_weight_decay differentiable eps etas
  foreach fused initial_accumulator_value is_paged lambd lr lr_decay max_unorm maximize min_8bit_size minimal_size momentum
  momentum_decay nesterov ns_coefficients ns_steps offload_gradients optim_bits optimizer_class percentile_clipping
  relative_step rho scale_parameter step_sizes t0 t_alpha t_beta3 type warmup_init weight_decay
`);

/**
 * Megatron-Core's OptimizerConfig, but for a second rate, a threshold on the gradient's norm, and coupled decay.
 * @see https://github.com/NVIDIA/Megatron-LM (megatron/core/optimizer/optimizer_config.py)
 */
export const MEGATRON_OPTIMIZER = keys(`
  _target_ adam_beta1 adam_beta2 adam_eps barrier_with_L1_time bf16 clip_grad config_logger_dir exp_avg_dtype exp_avg_sq_dtype
  fp16 fp8_recipe hysteresis initial_loss_scale log_num_zeros_in_grad loss_scale loss_scale_window lr main_grads_dtype
  main_params_dtype min_loss_scale min_lr optimizer optimizer_cpu_offload optimizer_cuda_graph optimizer_offload_fraction
  overlap_cpu_optimizer_d2h_h2d overlap_param_gather overlap_param_gather_with_optimizer_step params_dtype pin_cpu_grads
  pin_cpu_params reuse_grad_buf_for_mxfp8_param_ag sgd_momentum store_param_remainders timers use_distributed_optimizer
  use_layer_wise_distributed_optimizer use_precision_aware_optimizer use_torch_optimizer_for_cpu_offload weight_decay
`);

/** @see https://github.com/pytorch/torchtune (arguments of the lora_* builders in torchtune/models, bd2a0fc7) */
export const TORCHTUNE_MODEL = keys(`
  _component_ activation apply_lora_to_mlp apply_lora_to_output attention_chunk_size attn_bias attn_dropout clip_embed_dim
  clip_hidden_states clip_num_layers cls_output_dim decoder_embed_dim decoder_lora decoder_trainable dim embed_dim encoder_lora
  encoder_max_seq_len encoder_trainable experts_per_token final_capping_value fusion_interval fusion_lora fusion_trainable
  head_dim hidden_capping_value hidden_dim image_size in_channels in_dim intermediate_dim is_causal k_norm k_proj_bias
  lora_alpha lora_attn_modules lora_dropout lora_modules lora_rank max_num_tiles max_seq_len mlp_hidden_dim moe_every_n_layers
  norm_eps num_classes num_experts num_heads num_hidden_inputs num_kv_heads num_layers num_layers_projection
  num_special_tokens old_context_len out_dim out_indices output_cls_projection patch_size pos_embeddings projection_embed_dim
  q_norm q_proj_bias quantize_base query_pre_attn_scalar rope_base rope_high_freq_factor rope_low_freq_factor
  rope_scale_factor scale_factor scaler_block_size skip_rope_interval sliding_window_size softcapping tie_word_embeddings
  tile_size use_dora use_qk_norm use_scaled_rope use_shared_expert v_proj_bias vocab_size
`);

/** Keys outside these blocks whose names look like LoRA or optimizer settings (recipes/configs, bd2a0fc7). */
export const TORCHTUNE = keys(
  'clip_grad_norm epsilon lr_scheduler optimizer optimizer_in_bwd save_adapter_weights_only value_clip_range',
);

/** @see https://github.com/Lightning-AI/litgpt (litgpt/finetune/lora.py: setup; litgpt/args.py: TrainArgs; 26857050) */
export const LITGPT = keys(`
  access_token checkpoint_dir config data devices eval io log logger_name lora_alpha lora_dropout lora_head lora_key lora_mlp
  lora_projection lora_query lora_r lora_value num_nodes optimizer out_dir precision quantize seed train
`);
export const LITGPT_TRAIN = keys(`
  beta1 beta2 epochs global_batch_size learning_rate log_interval lr_warmup_fraction lr_warmup_steps max_norm max_seq_length
  max_steps max_time max_tokens micro_batch_size min_lr save_interval tie_embeddings weight_decay
`);

/** @see https://github.com/NVIDIA/NeMo (nlp/parts/peft_config.py: LoraPEFTConfig; llm/peft/lora.py: LoRA; 8cfedd72) */
export const NEMO_LORA = keys(`
  a2a_experimental adapter_dim adapter_dropout alpha column_init_method dropout_position layer_selection
  position_embedding_strategy row_init_method target_modules variant weight_tying
`);
export const NEMO_OPTIMIZER = all(
  OPTIMIZER_ARGUMENTS,
  keys(`
    bucket_cap_mb contiguous_grad_bucket contiguous_param_bucket dtype grad_sync_dtype name overlap_grad_sync
    overlap_param_sync sched store_param_remainders store_params
  `),
);
/**
 * Keys of the model's block whose names look like LoRA or optimizer settings (examples, 8cfedd72). Parameter groups
 * with their own learning rates are left out on purpose.
 */
export const NEMO_MODEL = keys(`
  freeze_language_model freeze_modality_adapter freeze_speech_model layernorm_epsilon modality_adapter optim peft
  pipeline_model_parallel_split_rank
`);
export const BRIDGE_LORA = keys(`
  _target_ a2a_experimental adapter_path alpha dim dropout dropout_position dropout_recompute dtype exclude_modules
  lora_A_init_method lora_B_init_method lora_dtype merge rank target_modules type
`);

/** @see https://github.com/NVIDIA-NeMo/Automodel (components/_peft/lora.py: PeftConfig; components/optim/optimizer.py, v0.7.0) */
export const AUTOMODEL_LORA = keys(`
  _target_ alpha dim dropout dropout_position exclude_modules lora_A_init lora_dtype match_all_linear moe_rank_scaling
  target_modules use_dora use_memory_efficient_lora use_triton
`);
export const AUTOMODEL_OPTIMIZER = all(
  OPTIMIZER_ARGUMENTS,
  keys(
    'exp_avg_dtype exp_avg_sq_dtype master_weight_dtype master_weights param_group_overrides store_param_remainders use_decoupled_grad',
  ),
);
export const AUTOMODEL_SCHEDULE = keys(`
  _target_ init_lr lr_decay_steps lr_decay_style lr_warmup_steps lr_wsd_decay_style max_lr min_lr override_opt_param_scheduler
  use_checkpoint_opt_param_scheduler wsd_decay_steps
`);

/** Keys outside these blocks whose names look like LoRA or optimizer settings. */
export const AUTOMODEL = keys('clip_grad_norm freeze_config lr_scheduler optim optimizer peft step_scheduler');
export const AUTOMODEL_OPTIM = keys('clip_grad learning_rate optimizer');

/**
 * Keys of the blocks of model, actor and critic whose names look like LoRA or optimizer settings.
 * @see https://github.com/volcengine/verl (verl/trainer/config)
 */
export const VERL_MODEL = keys('lora lora_adapter_path lora_alpha lora_rank');
export const VERL_PART = keys(`
  clip_ratio clip_ratio_c clip_ratio_high clip_ratio_low cliprange_value freeze_vision_tower grad_clip optim
`);

/** @see https://github.com/volcengine/verl (verl/workers/config/optimizer.py, v0.9.1) */
export const VERL_OPTIMIZER = keys(`
  _target_ betas clip_grad lr lr_decay_steps lr_decay_style lr_scheduler lr_scheduler_type lr_warmup_init lr_warmup_steps
  lr_warmup_steps_ratio lr_wsd_decay_steps lr_wsd_decay_style min_lr min_lr_ratio num_cycles optimizer optimizer_impl
  override_optimizer_config strategy total_steps total_training_steps use_checkpoint_opt_param_scheduler warmup_steps_ratio
  warmup_style weight_decay zero_indexed_step
`);

const OPENRLHF_PART = keys(`
  adam dual_clip eps_clip eps_clip_low_high freeze_visual_encoder lr_scheduler lr_warmup_ratio max_norm min_lr_ratio muon
  optim value_clip
`);
/**
 * Flags of OpenRLHF for LoRA, optimizer and schedule, grouped by the prefix before the dot.
 * @see https://github.com/OpenRLHF/OpenRLHF (openrlhf/cli, 3c3be623; flags without a dot: before ed62d0e2)
 */
export const OPENRLHF: Readonly<Record<string, ReadonlySet<string>>> = {
  '': all(
    OPENRLHF_PART,
    keys(`
      actor_learning_rate adam_betas adam_offload beta critic_learning_rate ema_beta freezing_actor_steps l2 learning_rate
      local_rank lora_alpha lora_dropout lora_rank reward_clip_range
    `),
  ),
  actor: OPENRLHF_PART,
  critic: OPENRLHF_PART,
  ds: keys('adam_offload lora'),
  'ds.lora': keys('alpha dropout rank target_modules'),
  adam: keys('betas eps lr weight_decay'),
  'actor.adam': keys('betas eps lr weight_decay'),
};

/** @see https://github.com/PrimeIntellect-ai/prime-rl (prime_rl/configs/trainer.py, 559b4477) */
export const PRIME_LORA = keys('alpha dropout modules_to_save rank target_modules');
export const PRIME_OPTIMIZER = keys('betas1 betas2 lr max_norm momentum mu nesterov type weight_decay');
export const PRIME_SCHEDULE = keys('decay_steps min_lr type warmup_steps');

/** @see https://github.com/ludwig-ai/ludwig (ludwig/schema/llms/peft.py, optimizers.py, 5d19f3e6) */
export const LUDWIG_ADAPTER = keys(`
  alpha alpha_pattern bias_type dropout eva_config init_lora_weights layer_replication loftq_config loraplus_lr_ratio
  postprocessor pretrained_adapter_weights r rank_pattern target_modules type use_dora use_rslora
`);

/**
 * Keys of Ludwig's trainer (schema/trainer.py). Left out: keys that add a penalty on the weights to the loss, or
 * balance several losses.
 */
export const LUDWIG_TRAINER = keys(`
  base_learning_rate batch_size beta bucketing_field checkpoints_per_epoch compile desirable_weight dpo_beta dpo_label_smoothing dpo_loss_type
  early_stop effective_batch_size enable_gradient_checkpointing enable_profiling epochs eval_batch_size eval_steps
  evaluate_training_set gradient_accumulation_steps gradient_clipping grpo_beta grpo_epsilon grpo_num_generations
  increase_batch_size_eval_metric increase_batch_size_eval_split increase_batch_size_on_plateau
  increase_batch_size_on_plateau_patience increase_batch_size_on_plateau_rate kto_beta layers_to_freeze_regex learning_rate learning_rate_scaling
  learning_rate_scheduler max_batch_size optimizer orpo_beta packing packing_max_sequences_per_pack profiler
  regularization_type rejected_column should_shuffle skip_all_evaluation steps_per_checkpoint train_steps type undesirable_weight
  use_mixed_precision validation_field validation_metric
`);

/** @see https://github.com/h2oai/h2o-llmstudio (text_causal_language_modeling_config.py, text_dpo_modeling_config.py, a4971c11) */
export const H2O_TRAINING = keys(`
  adaptive_kl_control attention_implementation batch_size beta differential_learning_rate differential_learning_rate_layers
  drop_last_batch epochs evaluate_before_training evaluation_epochs freeze_layers gradient_clip grad_accumulation
  learning_rate lora lora_alpha lora_dropout lora_r lora_target_modules lora_unfreeze_layers loss_class loss_function
  min_learning_rate_ratio optimizer save_best_checkpoint save_checkpoint schedule simpo_gamma train_validation_data use_dora
  use_rslora warmup_epochs weight_decay
`);

/** @see https://github.com/ml-explore/mlx-lm (mlx_lm/tuner/utils.py: linear_to_lora_layers, build_schedule; d78bf58e) */
export const MLX_LORA = keys('alpha dropout keys rank scale');
export const MLX = keys(`
  adapter_path learning_rate lora_alpha lora_dropout lora_layers lora_parameters lora_rank lora_scale lr_schedule optimizer
  optimizer_config resume_adapter_file
`);
export const MLX_SCHEDULE = keys('arguments name warmup warmup_init');

/** @see https://github.com/hiyouga/LLaMA-Factory (src/llamafactory/v1: plugins/model_plugins/peft.py, core/base_trainer.py) */
export const FACTORY_V1_LORA = keys(`
  adapter_name_or_path lora_alpha lora_dropout modules_to_save name r target_modules use_dora use_rslora
`);
export const FACTORY_V1_OPTIMIZER = keys('adamw_betas adamw_eps name wd');
