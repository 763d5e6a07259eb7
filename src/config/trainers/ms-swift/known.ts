import { HF_KEYS } from '../hugging-face/fields';

/**
 * Arguments of ms-swift 2.0 to 4.5 that move with a plan, or that no unit changes. Not here: schedules of the weight decay,
 * LISA, ms-swift's own LoRA layers, callbacks, arguments that are read from another run, and those of other tuners. Keys
 * that ms-swift does not know stop it.
 * @see https://github.com/modelscope/ms-swift (swift/arguments, swift/megatron/arguments; 3602360a)
 */
export const SWIFT_KEYS = `${HF_KEYS} adam_eps adapters add_non_thinking_prefix advantage_estimator agent_template
  aligner_lr apply_* args attention_* attn_* beta bnb_* cached_* center_rewards_coefficient check_model ckpt_*
  clip_grad colocate_groups columns context_* cpo_alpha cross_entropy_* custom_* data_* dataset* delta
  desirable_weight device_* disable_* dist* dynamic_sample early_stop_interval enable_* ENV epsilon epsilon_high
  exist_ok exp_avg_* expert_* experts_impl external_plugins finetune fp8_* freeze_* galore_* gkd_* global_batch_size
  gpu* gradient_accumulation_fusion gym_env hidden_* host importance_sampling_level infer_backend init_weights is_*
  kl_* lang lazy_tokenize linear_* lmbda load load_* local_* lora_alpha lora_bias lora_dropout lora_dtype lora_ga_*
  lora_modules lora_rank lorap_lr_ratio loss_* lr lr_decay_iters lr_decay_style lr_warmup_fraction lr_warmup_init
  lr_warmup_iters lr_wsd_decay_iters lr_wsd_decay_style main_* masked_softmax_fusion max_* mcore_* merge_lora metric*
  micro_batch_size min_lr mlp_* model model_* modules_to_save moe_* mtp_* multi_* name new_special_tokens no_save_*
  norm_* num_* offload* optimizer optimizer_cpu_offload optimizer_offload_fraction output* overlap_* overlong_filter
  packing* padded_vocab_size padding_* pipeline_* port position_embedding_type problem_type quant_* quantize rank
  recompute_* repetition_* repo response_* resume reward_* rlhf_type rollout_* rotary_* router_* rpo_alpha save seq_*
  sequence_* sft_alpha sft_type sgd_momentum sglang_* share shuffle_buffer_size sleep_level soft* split_dataset_ratio
  steps_per_generation stream* strict swanlab_* system target_modules target_parameters target_regex task_type
  teacher_* temperature template* tensor* test_* to_* top_* torch_dtype train_iters train_type trainable_parameters
  trainable_parameters_regex truncation_strategy tuner_backend tuner_type undesirable_weight use_chat_template
  use_cpu_initialization use_distributed_optimizer use_dora use_flash_* use_galore use_gym_env use_hf use_liger
  use_logits_to_keep use_precision_aware_optimizer use_ray use_rslora use_vllm val_*
  virtual_pipeline_model_parallel_size vit_* vllm_* wandb_* window_*`;
