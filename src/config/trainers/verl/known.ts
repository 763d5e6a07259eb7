import { keys } from '../shared/keys';

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
