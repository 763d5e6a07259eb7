import { keys } from '../shared/keys';

/** @see https://github.com/ml-explore/mlx-lm (mlx_lm/tuner/utils.py: linear_to_lora_layers, build_schedule; d78bf58e) */
export const MLX_LORA = keys('alpha dropout keys rank scale');

export const MLX = keys(`
  adapter_path learning_rate lora_alpha lora_dropout lora_layers lora_parameters lora_rank lora_scale lr_schedule optimizer
  optimizer_config resume_adapter_file
`);

export const MLX_SCHEDULE = keys('arguments name warmup warmup_init');
