import { keys } from '../shared/keys';

/** @see https://github.com/PrimeIntellect-ai/prime-rl (prime_rl/configs/trainer.py, 559b4477) */
export const PRIME_LORA = keys('alpha dropout modules_to_save rank target_modules');

export const PRIME_OPTIMIZER = keys('betas1 betas2 lr max_norm momentum mu nesterov type weight_decay');

export const PRIME_SCHEDULE = keys('decay_steps min_lr type warmup_steps');
