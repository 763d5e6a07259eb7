import { keys } from '../shared/keys';

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
