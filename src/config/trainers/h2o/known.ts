import { keys } from '../shared/keys';

/** @see https://github.com/h2oai/h2o-llmstudio (text_causal_language_modeling_config.py, text_dpo_modeling_config.py, a4971c11) */
export const H2O_TRAINING = keys(`
  adaptive_kl_control attention_implementation batch_size beta differential_learning_rate differential_learning_rate_layers
  drop_last_batch epochs evaluate_before_training evaluation_epochs freeze_layers gradient_clip grad_accumulation
  learning_rate lora lora_alpha lora_dropout lora_r lora_target_modules lora_unfreeze_layers loss_class loss_function
  min_learning_rate_ratio optimizer save_best_checkpoint save_checkpoint schedule simpo_gamma train_validation_data use_dora
  use_rslora warmup_epochs weight_decay
`);
