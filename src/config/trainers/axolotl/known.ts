import { keys } from '../shared/keys';

/**
 * Keys of Axolotl 0.4 to 0.19 whose names speak of LoRA, optimizer, schedule or clipping. Not here: what trains or freezes
 * other parameters, and Grokfast, which changes the gradient.
 * @see https://github.com/axolotl-ai-cloud/axolotl (src/axolotl/utils/schemas, 067b021c)
 */
export const AXOLOTL_KEYS: ReadonlySet<string> = keys(`
  adam_beta1 adam_beta2 adam_beta3 adam_epsilon adam_epsilon2 adapter cosine_constant_lr_ratio
  cosine_min_lr_ratio cpo_alpha dion_lr dion_momentum dion_rank_fraction dion_rank_multiple_of dpo_beta
  dsv4_fp8_lora_kernel dsv4_shared_mlp_lora_kernel eaft_alpha embedding_lr embedding_lr_scale epsilon
  epsilon_high flash_optimum freeze_mm_modules jagged_restart_warmup_steps kd_alpha kd_beta kd_ce_alpha
  learning_rate local_rank lora_alpha lora_alpha_pattern lora_dropout lora_embedding_kernel lora_fan_in_fan_out
  lora_mlp_kernel lora_model_dir lora_modules_to_save lora_o_kernel lora_on_cpu lora_qkv_kernel lora_r
  lora_rank_pattern lora_target_linear lora_target_modules lora_target_parameters loraplus_lr_embedding
  loraplus_lr_ratio lr_div_factor lr_groups lr_quadratic_warmup lr_scheduler lr_scheduler_kwargs max_grad_norm
  merge_lora neftune_noise_alpha noise_schedule noisy_embedding_alpha optim_args optim_target_modules optimizer
  orpo_alpha peft peft_autocast_adapter_dtype peft_init_lora_weights peft_layer_replication peft_layers_pattern
  peft_layers_to_transform peft_trainable_token_indices peft_use_dora peft_use_rslora qgalore_cos_threshold
  qgalore_gamma_proj qgalore_proj_bits qgalore_proj_group_size qgalore_proj_quant qgalore_proj_type
  qgalore_queue_size qgalore_rank qgalore_scale qgalore_update_proj_gap qlora_sharded_model_loading
  ref_model_mixup_alpha relora relora_anneal_steps relora_cpu_offload relora_prune_method relora_prune_ratio
  relora_steps relora_warmup_steps rl_beta rpo_alpha unsloth_lora_mlp unsloth_lora_o unsloth_lora_qkv
  vllm_lora_sync warmup_ratio warmup_steps weight_decay
`);
