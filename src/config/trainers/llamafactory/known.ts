import { HF_KEYS } from '../hugging-face/known';
import { names } from '../shared/known';

/**
 * Arguments of LLaMA-Factory 0.5 to 0.9.5 (src/llamafactory/hparams), but for those that bring another trainer or train
 * other weights. Any other key stops it (hparams/parser.py: HfArgumentParser, ff6d4d12).
 */
export const LLAMAFACTORY_KEYS = names(
  HF_KEYS,
  `adapter_folder adapter_name_or_path add_special_tokens add_tokens additional_target apollo_* apply_rope_fusion
  asft_alpha audio_sampling_rate badam_* batch_size bias_activation_fusion block_diag_attn buffer_size cache_dir
  cache_path calculate_per_token_loss chunk_size compute_accuracy compute_dtype config context_parallel_size cpu_infer
  create_new_adapter crop_to_patches cross_entropy_loss_fusion cutoff_len data_shared_file_system dataset dataset_dir
  default_system device_map disable_gradient_checkpointing disable_shuffling disable_version_checking do_sample
  double_quantization download_mode dpo_beta dpo_ftx dpo_label_smoothing dpo_loss eaft_alpha early_stopping_steps
  enable_liger_kernel enable_thinking enable_torch_profiler expert_model_parallel_size export_* finetuning_type
  flash_attn fp8* freeze_extra_modules freeze_language_model freeze_multi_modal_projector freeze_trainable_layers
  freeze_trainable_modules freeze_vision_tower galore_* hf_hub_token ignore_pad_token_for_loss image_* infer_backend
  infer_dtype init_special_tokens interleave_probs kt_* kto_chosen_weight kto_rejected_weight lang ld_alpha
  length_penalty lora_alpha lora_bf16_mode lora_dropout lora_rank lora_target loraplus_lr_embedding loraplus_lr_ratio
  low_cpu_mem_usage mask_history masked_softmax_fusion master_addr master_port max_length max_new_tokens max_samples
  media_dir megatron_pretrained_checkpoint mix_strategy mixed_precision mode model_max_length model_name_or_path
  model_revision module_dropout moe_* ms_hub_token n_shot name_module_trainable neat_packing new_special_tokens
  new_special_tokens_config num_beams num_layer_trainable offload_folder oft_* om_hub_token orpo_beta
  overlap_grad_reduce overlap_param_gather overwrite_cache packing pipeline_model_parallel_size pissa_convert
  pissa_init pissa_iter placement_strategy plot_loss ppo_* pref_* preprocessing_batch_size preprocessing_num_workers
  preserve_thinking print_param_status profile_modules profiler_* pure_bf16 quantization_* ray_* recompute_* ref_model*
  repetition_penalty reserved_label_len resize_vocab resources_per_worker reward_* rope_scaling sequence_parallel
  sft_packing sglang_* shift_attn simpo_gamma skip_special_tokens split split_special_tokens stage streaming swanlab_*
  task task_dir temperature template tensor_model_parallel_size tokenized_path tool_format top_k top_p
  train_from_scratch train_on_prompt trust_remote_code upcast_layernorm upcast_lmhead_output use_adam_mini use_apollo
  use_asft_loss use_audio_in_video use_badam use_dft_loss use_distributed_optimizer use_dora use_eaft_loss
  use_fast_tokenizer use_galore use_kt use_kv_cache use_llama_pro use_muon use_packed_sequences use_reentrant_gc
  use_rslora use_swanlab use_unsloth use_unsloth_gc use_v1_kernels val_size video_*
  virtual_pipeline_model_parallel_size visual_inputs vllm_*`,
);
