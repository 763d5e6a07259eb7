import { under } from '../syntax/table';

/** The arguments of a scheduler that are learning rates, and so change with the learning rate. */
export interface Schedule {
  /**
   * The default of each such argument. 0: nothing has to change by default, because the scheduler has no such limit,
   * or requires the argument.
   */
  rates: Readonly<Record<string, number>>;
  /**
   * True if one learning rate holds for all parameter groups, so that A and B share a floor or peak even if they have
   * their own learning rates. If not, the scheduler divides the rate by the learning rate of the run, and multiplies
   * the learning rate of each group by the quotient.
   */
  forAllGroups?: true;
}

export type Schedules = Readonly<Record<string, Schedule>>;

/** No argument is a learning rate: all are steps, cycles, powers, momenta or shares of it. */
export const SHARES: Schedule = { rates: {} };

/** Schedulers without such an argument, by their names, separated by spaces. */
export const shares = (names: string): Schedules =>
  Object.fromEntries(names.split(/\s+/).map((name) => [name, SHARES]));

/** Arguments of schedulers that are no learning rates, and keys that name a scheduler. Ludwig's polynomial_end_lr is a share. */
export const NO_RATES: ReadonlySet<string> = new Set(
  `T_0 T_i T_max T_mult _component_ _target_ anneal_strategy base_momentum constant_ratio constant_steps cooldown
  cycle cycle_momentum cycles d_model decay decay_rate decay_ratio decay_steps decay_type div_factor end_factor
  epochs factor final_div_factor first_cycle_max_steps frequency gamma hold_ratio hold_steps interval
  inverse_sqrt_warmup_steps iters_per_batch last_epoch max_epochs max_momentum max_steps milestones min_lr_rate
  min_lr_ratio mode monitor name num_cycles num_decay_steps num_stable_steps num_training_steps num_warmup_steps
  patience pct_start polynomial_end_lr polynomial_power power reduce_eval_metric reduce_eval_split
  reduce_on_plateau reduce_on_plateau_patience reduce_on_plateau_rate scale_fn scale_mode staircase start_factor
  step_size step_size_down step_size_up steps_per_epoch t_0 t_mult three_phase threshold threshold_mode
  timescale total_iters total_steps type verbose warmup_evaluations warmup_fraction warmup_lr_rate warmup_ratio
  warmup_steps warmup_type wsd_decay_fraction wsd_stable_fraction wsd_warmup_fraction`.split(/\s+/),
);

/** PyTorch's cosine, which ends at an absolute learning rate. */
export const FLOOR: Schedule = { rates: { eta_min: 0 }, forAllGroups: true };

/** Schedulers of torch. Those that combine other schedulers are left out. */
const TORCH_CLASSES: Schedules = {
  ...shares('LambdaLR MultiplicativeLR StepLR MultiStepLR ConstantLR LinearLR ExponentialLR PolynomialLR'),
  CosineAnnealingLR: FLOOR,
  CosineAnnealingWarmRestarts: FLOOR,
  // div_factor and final_div_factor are shares of max_lr, which takes the place of the learning rate.
  OneCycleLR: { rates: { max_lr: 0 }, forAllGroups: true },
  CyclicLR: { rates: { base_lr: 0, max_lr: 0 }, forAllGroups: true },
  // It leaves a rate alone that would fall by less than eps.
  ReduceLROnPlateau: { rates: { min_lr: 0, eps: 1e-8 }, forAllGroups: true },
};

/**
 * PyTorch's schedulers, by class and by import path.
 * @see https://github.com/pytorch/pytorch/blob/v2.13.0/torch/optim/lr_scheduler.py
 */
export const TORCH_SCHEDULES: Schedules = {
  ...TORCH_CLASSES,
  ...Object.fromEntries(
    Object.entries(TORCH_CLASSES).map(([name, schedule]) => [`torch.optim.lr_scheduler.${name}`, schedule]),
  ),
};

/** What transformers and diffusers both have. */
const NAMES: Schedules = {
  ...shares('linear cosine cosine_with_restarts constant constant_with_warmup'),
  polynomial: { rates: { lr_end: 1e-7 } },
};

/**
 * The schedulers of diffusers, as its scripts' `--lr_scheduler` names them.
 * @see https://github.com/huggingface/diffusers (src/diffusers/optimization.py, 58eb52c0)
 */
export const DIFFUSERS_SCHEDULES: Schedules = { ...NAMES, piecewise_constant: SHARES };

/**
 * Hugging Face's schedulers, as `lr_scheduler_type` names them.
 * @see https://github.com/huggingface/transformers/blob/v5.24.0/src/transformers/optimization.py
 */
export const HF_SCHEDULES: Schedules = {
  ...NAMES,
  ...shares('inverse_sqrt warmup_stable_decay'),
  reduce_lr_on_plateau: { rates: { min_lr: 0, eps: 1e-8 }, forAllGroups: true },
  // Their min_lr_rate and warmup_lr_rate are shares.
  cosine_with_min_lr: { rates: { min_lr: 0 } },
  cosine_warmup_with_min_lr: { rates: { min_lr: 0 } },
  greedy: { rates: { min_lr: 1e-3, max_lr: 1, eps: 1e-8 }, forAllGroups: true },
};

/**
 * The learning rates among a scheduler's arguments.
 * @param name as in the file, such as `adafactor:1e-3`; null if the file names none
 * @returns null for an unknown scheduler: any argument may be a learning rate
 */
export const scheduleOf = (schedules: Schedules, name: string | null): Schedule | null =>
  name === null ? SHARES : (under(schedules, name.replace(/:.*/s, '')) ?? null);
