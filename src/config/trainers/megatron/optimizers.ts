import * as l10n from '@vscode/l10n';
import { keys } from '../shared/keys';
import type { OptimizerNames, OptimizerWord } from '../../optimizers/word';

const MUON: OptimizerWord = {
  unknown: l10n.t('Megatron trains matrices with Muon and the rest with Adam, each with its own learning rate.'),
};

/**
 * Megatron-Core's own words. Its Adam decouples the weight decay by default.
 * @see https://github.com/NVIDIA/Megatron-LM (megatron/core/optimizer/optimizer_config.py: decoupled_weight_decay)
 */
export const MEGATRON_NAMES: OptimizerNames = {
  adam: { row: 'adamw', defaults: { weightDecay: 0.01 } },
  sgd: { row: 'sgd', defaults: { momentum: 0.9 } },
  muon: MUON,
  dist_muon: MUON,
};

/**
 * Megatron-Core's OptimizerConfig, but for a second rate, a threshold on the gradient's norm, and coupled decay.
 * @see https://github.com/NVIDIA/Megatron-LM (megatron/core/optimizer/optimizer_config.py)
 */
export const MEGATRON_OPTIMIZER = keys(`
  _target_ adam_beta1 adam_beta2 adam_eps barrier_with_L1_time bf16 clip_grad config_logger_dir exp_avg_dtype exp_avg_sq_dtype
  fp16 fp8_recipe hysteresis initial_loss_scale log_num_zeros_in_grad loss_scale loss_scale_window lr main_grads_dtype
  main_params_dtype min_loss_scale min_lr optimizer optimizer_cpu_offload optimizer_cuda_graph optimizer_offload_fraction
  overlap_cpu_optimizer_d2h_h2d overlap_param_gather overlap_param_gather_with_optimizer_step params_dtype pin_cpu_grads
  pin_cpu_params reuse_grad_buf_for_mxfp8_param_ag sgd_momentum store_param_remainders timers use_distributed_optimizer
  use_layer_wise_distributed_optimizer use_precision_aware_optimizer use_torch_optimizer_for_cpu_offload weight_decay
`);
