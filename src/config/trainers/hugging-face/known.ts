import { names } from '../shared/known';

/**
 * Training arguments of transformers 4.30 to 5.24 that move with a plan, or that no unit changes. Not here: `adafactor`,
 * which takes the place of `optim`.
 * @see https://github.com/huggingface/transformers (src/transformers/training_args.py, training_args_seq2seq.py)
 */
export const HF_KEYS = names(`
  accelerator_config activation_checkpointing* adam_beta1 adam_beta2 adam_epsilon auto_find_batch_size
  average_tokens_across_devices batch_eval_metrics bf16* data_seed dataloader_* ddp_* debug deepspeed disable_tqdm
  dispatch_batches do_eval do_predict do_train enable_jit_checkpoint eval_* evaluation_strategy fp16* fsdp*
  full_determinism generation_* gradient_accumulation_steps gradient_checkpointing* greater_is_better group_by_length
  half_precision_backend hub_* ignore_data_skip include_* jit_mode_eval label_names label_smoothing_factor
  learning_rate length_column_name liger_kernel_config load_best_model_at_end local_rank log_* logging_* lr_scheduler_kwargs
  lr_scheduler_type max_grad_norm max_steps metric_for_best_model mp_parameters neftune_noise_alpha no_cuda
  num_train_epochs optim optim_args optim_target_modules output_dir overwrite_output_dir parallelism_config past_index
  per_device_* per_gpu_* predict_with_generate prediction_loss_only project push_to_hub* ray_scope
  remove_unused_columns report_to restore_callback_states_from_checkpoint resume_from_checkpoint run_name save_* seed
  sharded_ddp skip_memory_metrics sortish_sampler split_batches tf32 torch_compile* torch_empty_cache_steps torchdynamo
  tp_size tpu_* trackio_* train_sampling_strategy use_cache use_cpu use_ipex use_legacy_prediction_loop
  use_liger_kernel use_mps_device warmup_ratio warmup_steps weight_decay xpu_backend
`);
