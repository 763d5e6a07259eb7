import { all, keys } from '../shared/keys';
import { OPTIMIZER_ARGUMENTS } from '../shared/known';

/** @see https://github.com/NVIDIA-NeMo/Automodel (components/_peft/lora.py: PeftConfig; components/optim/optimizer.py, v0.7.0) */
export const AUTOMODEL_LORA = keys(`
  _target_ alpha dim dropout dropout_position exclude_modules lora_A_init lora_dtype match_all_linear moe_rank_scaling
  target_modules use_dora use_memory_efficient_lora use_triton
`);

export const AUTOMODEL_OPTIMIZER = all(
  OPTIMIZER_ARGUMENTS,
  keys(
    'exp_avg_dtype exp_avg_sq_dtype master_weight_dtype master_weights param_group_overrides store_param_remainders use_decoupled_grad',
  ),
);

export const AUTOMODEL_SCHEDULE = keys(`
  _target_ init_lr lr_decay_steps lr_decay_style lr_warmup_steps lr_wsd_decay_style max_lr min_lr override_opt_param_scheduler
  use_checkpoint_opt_param_scheduler wsd_decay_steps
`);

/** Keys outside these blocks whose names look like LoRA or optimizer settings. */
export const AUTOMODEL = keys('clip_grad_norm freeze_config lr_scheduler optim optimizer peft step_scheduler');

export const AUTOMODEL_OPTIM = keys('clip_grad learning_rate optimizer');
