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
