import * as l10n from '@vscode/l10n';
import type { OptimizerRule, Variant } from './word';

/** Decay that does not follow the rate. */
export const DECOUPLE_LR: Variant = {
  when: { decouple_lr: true },
  decays: true,
  is: {
    unknown: l10n.t(
      'with decouple_lr its weight decay does not follow the learning rate, a rule that LoRA Alpha does not know.',
    ),
  },
};

/**
 * Classes of optimi with their defaults.
 * @see https://github.com/warner-benjamin/optimi (optimi/adamw.py, stableadamw.py, lion.py, sgd.py, adan.py)
 */
export const OPTIMI_ADAMW: OptimizerRule = {
  row: 'adamw',
  defaults: { betas: [0.9, 0.99], eps: 1e-6, weightDecay: 0 },
  variants: [DECOUPLE_LR],
};

export const OPTIMI_STABLE_ADAMW: OptimizerRule = {
  row: 'stable-adamw',
  defaults: { betas: [0.9, 0.99], eps: 1e-6, weightDecay: 0.01 },
  variants: [DECOUPLE_LR],
};

export const OPTIMI_LION: OptimizerRule = {
  row: 'lion',
  defaults: { betas: [0.9, 0.99], weightDecay: 0 },
  variants: [DECOUPLE_LR],
};
