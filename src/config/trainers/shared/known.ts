import { keys } from './keys';

/**
 * Arguments of the classes of torch.optim, bitsandbytes and torchao that are numbers of a row, or have no unit.
 * @see torch 2.13, bitsandbytes 0.50, torchao (the signatures of their optimizers)
 */
export const OPTIMIZER_ARGUMENTS = keys(`
  _component_ _target_ adam_w_mode adjust_lr_fn alpha amsgrad beta2_decay betas bf16_stochastic_round bias_correction block_size
  block_wise capturable centered clip_threshold d dampening decay_rate decoupled_weight_decay differentiable eps etas
  foreach fused initial_accumulator_value is_paged lambd lr lr_decay max_unorm maximize min_8bit_size minimal_size momentum
  momentum_decay nesterov ns_coefficients ns_steps offload_gradients optim_bits optimizer_class percentile_clipping
  relative_step rho scale_parameter step_sizes t0 t_alpha t_beta3 type warmup_init weight_decay
`);

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
