import { HF_KEYS } from '../hugging-face/fields';

/**
 * Arguments of ms-swift 2.0 to 4.5 that move with a plan, or that no unit changes. Not here: schedules of the weight decay,
 * LISA, ms-swift's own LoRA layers, callbacks, arguments that are read from another run, and those of other tuners. Keys
 * that ms-swift does not know stop it.
 * @see https://github.com/modelscope/ms-swift (swift/arguments, swift/megatron/arguments; 3602360a)
 */
export const SWIFT_KEYS = `${HF_KEYS}
  adam_eps adapters add_non_thinking_prefix add_version advantage_estimator agent_template aligner_lr apply_* args
  async_* attention_* attn_* beta bnb_* cached_* calculate_* center_rewards_coefficient check_model ckpt_* clip_grad
  cliprange* colocate_groups columns context_* cpo_alpha cross_entropy_* custom_* data_* dataset*
  deepspeed_autotp_size delta desirable_weight device_* disable_* dist* ds3_* dynamic_sample early_stop_interval
  enable_* ENV epsilon epsilon_high exist_ok exp_avg_* expert_* experts_impl external_plugins extra_eval_args finetune
  fp4_* fp8_* freeze_* galore_* gkd_* global_batch_size gpu* gradient_accumulation_fusion gym_env hidden_* host
  ignore_args_error importance_sampling_level infer_backend init_strategy init_weights interleave_prob is_* kl_* lam
  lang language_model_only lazy_tokenize ld_alpha linear_* lmbda load load_* local_* logprobs lora_alpha lora_bias
  lora_dropout lora_dtype lora_ga_* lora_modules lora_rank lorap_lr_ratio loss_* lr lr_decay_iters lr_decay_style
  lr_warmup_fraction lr_warmup_init lr_warmup_iters lr_wsd_decay_iters lr_wsd_decay_style main_* manual_gc*
  masked_softmax_fusion max_* mcore_* merge_lora metric* micro_batch_size microbatch_* min_lr mini_batch_size mlp_*
  model model_* modules_to_save moe_* mtp_* multi_* name new_special_tokens no_bias_* no_gradient_* no_initialization
  no_load_* no_masked_* no_rope_* no_save_* norm_* num_* offload* optimizer optimizer_cpu_offload optimizer_cuda_graph
  optimizer_offload_fraction original_* output* overlap_* overlong_filter packing* padded_vocab_size padding_*
  perform_initialization pipeline_* port position_embedding_type problem_type qk_* quant_* quantize rank recompute_*
  ref_* repetition_* repo response_* result_path resume resume_only_model reward_* rlhf_type rollout_* rope_* rotary_*
  router_* rpo_alpha safe_serialization save scale_rewards seq_* sequence_* server_* sft_alpha sft_type sgd_momentum
  sglang_* share shuffle_buffer_size simpo_gamma sleep_level soft* split_dataset_ratio steps_per_generation stop_words
  stream* strict swanlab_* swiglu sync_ref_model system target_modules target_parameters target_regex task_type
  teacher_* temperature template* tensor* test_* to_* top_* torch_dtype tp_* train_dataloader_shuffle
  train_dataset_sample train_iters train_type trainable_parameters trainable_parameters_regex transformer_impl
  truncation_strategy tuner_backend tuner_type undesirable_weight untie_embeddings_and_output_weights
  use_chat_template use_cpu_initialization use_distributed_optimizer use_dora use_flash_* use_galore use_gym_env
  use_hf use_liger use_logits_to_keep use_precision_aware_optimizer use_ray use_rslora use_vllm val_* vf_coef
  virtual_pipeline_model_parallel_size vit_* vllm_* wandb_* whiten_rewards window_*`;
