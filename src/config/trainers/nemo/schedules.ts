import { TORCH_SCHEDULES, type Schedule, type Schedules } from '../schedules';

const falls = (min_lr: number): Schedule => ({ rates: { min_lr } });

/**
 * NeMo's schedulers with their default floors.
 * @see https://github.com/NVIDIA/NeMo (nemo/core/optim/lr_scheduler.py: AVAILABLE_SCHEDULERS, 8cfedd72)
 */
const OWN: Schedules = {
  WarmupPolicy: falls(0),
  WarmupHoldPolicy: falls(0),
  SquareAnnealing: falls(1e-5),
  CosineAnnealing: falls(0),
  NoamAnnealing: falls(0),
  NoamHoldAnnealing: falls(0),
  WarmupHoldAnnealOneMinusSquareRoot: falls(0),
  WarmupHoldAnnealLinear: falls(0),
  WarmupAnnealing: falls(0),
  InverseSquareRootAnnealing: falls(0),
  T5InverseSquareRootAnnealing: falls(0),
  SquareRootAnnealing: falls(0),
  PolynomialDecayAnnealing: falls(0),
  PolynomialHoldDecayAnnealing: falls(0),
};

export const NEMO_SCHEDULES: Schedules = { ...TORCH_SCHEDULES, ...OWN };

/** NeMo 2 wraps them in classes; the cosine has its own floor (nemo/lightning/pytorch/optim/lr_scheduler.py). */
export const NEMO_2_SCHEDULES: Schedules = {
  ...Object.fromEntries(Object.entries(OWN).map(([name, schedule]) => [`${name}Scheduler`, schedule])),
  CosineAnnealingScheduler: falls(6e-5),
};
