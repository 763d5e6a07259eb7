import { HF_KEYS } from '../hugging-face/known';
import { names } from '../shared/known';

/**
 * Arguments of ms-swift 2.0 to 4.5 that move with a plan, or that no unit changes. Not here: schedules of the weight decay,
 * LISA, ms-swift's own LoRA layers, callbacks, and arguments that are read from another run. Unknown keys stop ms-swift.
 * @see https://github.com/modelscope/ms-swift (swift/arguments, swift/megatron/arguments; 3602360a)
 */
const OWN = `
  acc_steps acc_strategy account_for_embedding_in_pipeline_split account_for_loss_in_pipeline_split
  accumulate_allreduce_grads_in_fp32 activation_func_clamp_value adalora_* adam_eps adapter_act adapter_length adapters
  add_non_thinking_prefix add_qkv_bias add_version additional_saved_files advantage_estimator agent_template
  align_grad_reduce align_param_gather aligner_lr api_key apply_dsa_kernel_fusion apply_query_key_layer_scaling
  apply_rope_fusion apply_wd_to_qk_layernorm architectures args async_generate async_save attention_* attn_impl
  auto_detect_ckpt_format base_url batch_p2p_comm beta bias_activation_fusion bias_dropout_fusion bnb_* boft_*
  bridge_backend cache_files cache_max_entry_count cached_dataset cached_val_dataset calculate_KL
  calculate_per_token_loss center_rewards_coefficient channels check_model chord_* ckpt_* clip_grad cliprange
  cliprange_value colocate_groups columns commit_message completion_length_limit_scope context_manager
  context_parallel_size cos_threshold cosine_m* cp_comm_type cp_partition_mode cpo_alpha create_checkpoint_symlink
  cross_entropy_fusion_impl cross_entropy_loss_fusion csa_dense_mode custom_dataset_info custom_register_path data_*
  dataset* decoder_first_pipeline_num_layers decoder_last_pipeline_num_layers deepspeed_autotp_size delta
  desirable_weight deterministic_mode device_groups device_map disable_* discopop_tau dist_ckpt_optim_fully_reshardable
  dist_ckpt_save_pre_mcore_014 distrib_optim_fully_reshardable_mem_efficient distributed_backend distributed_idx
  distributed_timeout_minutes download_mode ds3_gather_for_generation dsa_indexer_loss_coeff
  dsa_indexer_use_sparse_loss dtype dynamic_sample early_stop_interval easy_query_threshold enable_cache
  enable_channel_loss enable_dft_loss enable_flattened_weight_sync enable_npu_model_patch enable_prefix_caching
  enable_thinking end_idx enforce_eager engine_kwargs ENV epsilon epsilon_high exist_ok exit_on_missing_checkpoint
  exp_avg_dtype exp_avg_sq_dtype expert_model_parallel_size expert_tensor_parallel_size experts_impl exploration_rate
  external_plugins extra_eval_args f_divergence_type ffn_hidden_size finetune fipo_* fourier_n_frequency
  fourier_scaling fp4_* fp8_* freeze_aligner freeze_llm freeze_parameters freeze_parameters_ratio
  freeze_parameters_regex freeze_vit galore_* gamma gamma_proj gc_collect_after_offload gguf_file gkd_logits_topk
  global_batch_size glu_linear_offset gpu_memory_utilization gpus gradient_accumulation_fusion group_query_attention
  group_size gym_env hidden_dropout hidden_size host hqq_axis ignore_args_error importance_sampling_level infer_backend
  init_strategy init_weights initialize_embedding inputs instruct_model instruct_model_revision interleave_prob
  is_binary_loss_scale is_encoder_decoder is_multimodal kl_coef kl_in_reward kv_channels kv_lora_rank label_smoothing
  lam lang language_model_only layer_types lazy_tokenize ld_alpha limit_mm_per_prompt linear_* llamapro_num_groups
  llamapro_num_new_blocks llm_architectures lmbda lmdeploy_* load load_data_args load_dataset_config
  load_from_cache_file load_safetensors local_* logprobs lora_alpha lora_bias lora_dropout lora_dtype lora_embeddings
  lora_ga_* lora_int_id lora_modules lora_rank lora_tensors lora_tensors_metadata lorap_lr_ratio loss_name loss_scale
  loss_type loss_weights lr lr_decay_iters lr_decay_style lr_warmup_fraction lr_warmup_init lr_warmup_iters
  lr_wsd_decay_iters lr_wsd_decay_style main_grads_dtype main_params_dtype manual_gc* masked_softmax_fusion
  max_batch_size max_completion_length max_epochs max_iterations max_length max_logprobs max_memory max_model_len
  max_new_tokens max_num_seqs max_pixels max_position_embeddings max_resample_times max_shard_size max_turns mcore_*
  merge_lora metadatas metric metric_warmup_step mhc_recompute_layer_num micro_batch_size
  microbatch_group_size_per_virtual_pipeline_stage microbatch_group_size_per_vp_stage min_lr mini_batch_size
  missing_eos_penalty mlp_padding_free model model_* modules_to_save moe_* move_model_batches mrl_dims
  mrope_interleaved mrope_section mtp_* multi_* muon_* n_best_to_keep name nccl_comm_warmup new_special_tokens
  no_bias_dropout_fusion no_bias_swiglu_fusion no_create_attention_mask_in_dataloader no_data_sharding
  no_gradient_accumulation_fusion no_initialization no_load_optim no_load_rng no_log_learning_rate_to_tensorboard
  no_masked_softmax_fusion no_rope_freq no_rope_fusion no_save_optim no_save_rng norm_bbox norm_epsilon normalization
  num_* numel off_policy_sequence_mask_delta offload* optim_per_parameter optimizer optimizer_cpu_offload
  optimizer_cuda_graph optimizer_offload_fraction original_max_position_embeddings orm_model output_file outputs
  overlap_grad_reduce overlap_p2p_comm overlap_param_gather* overlong_filter override_exist_file owned_by packing*
  padded_vocab_size padding_free padding_side partial_rotary_factor peft_config perform_initialization pipeline_* port
  position_embedding_type preserve_thinking prm_model prm_threshold problem_type process_reward_rate proj_*
  push_hub_strategy q_lora_rank qk_* quant_* quantize queue_size quick_geglu rank ray_exp_name real_tau recompute_*
  ref_* reference_free reft_* repetition_* repo reranker_use_activation response_length response_prefix result_path
  results resume resume_only_model reward_* rlhf_type rollout_* rope_scaling rotary_* router_aux_loss_coef
  router_replay_mode rpo_alpha safe_serialization sampler_engine sampler_type save scale_rewards seq_kd seq_length
  sequence_* served_model_name server_name server_port session_len sft_alpha sft_type sgd_momentum sglang_* shape share
  shuffle_buffer_size simpo_gamma skip_megatron_init sleep_level soft_cache_length soft_max_length softmax_type
  split_dataset_ratio ssl_certfile ssl_keyfile start_idx steps_per_generation stop_words stopping_strategy stream
  streaming strict structured_outputs_regex studio_title swanlab_* swiglu sync_ref_model system target_modules
  target_parameters target_regex task_type tau_neg tau_pos te_rng_tracker teacher_* temperature template*
  tensor_model_parallel_size tensor_parallel_size tensorboard_* test_convert_dtype test_convert_precision thread_count
  to_* tools_prompt top_* torch_dtype tp tp_comm_overlap train_dataloader_shuffle train_dataset_sample train_iters
  train_sampler_random train_type trainable_parameters trainable_parameters_regex transformer_impl truncation_strategy
  tuner_backend tuner_type undesirable_weight untie_embeddings_and_output_weights update_proj_gap use_async_engine
  use_chat_template use_cpu_initialization use_distributed_optimizer use_dora use_flash_attn use_flash_ckpt
  use_fused_mhc use_galore use_gym_env use_hf use_liger use_lmdeploy use_logits_to_keep use_megatron_fsdp use_merge_kit
  use_persistent_ckpt_worker use_precision_aware_optimizer use_ray use_rslora use_shared_expert_gate use_vllm val_*
  vera_* verbose vf_coef virtual_pipeline_model_parallel_size vision_batch_size vit_attn_impl
  vit_gradient_checkpointing* vit_lr vllm_* wandb_* whiten_rewards window_attn_skip_freq window_size write_batch_size
  writer_buffer_size zero_hpz_partition_size
`;

export const SWIFT_KEYS = names(HF_KEYS, OWN);

/** Those, and the callback of a plan's own code. */
export const SWIFT_KEYS_WITH_CALLBACK = names(SWIFT_KEYS, 'callbacks');
