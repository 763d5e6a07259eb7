import * as l10n from '@vscode/l10n';
import type { OptimizerNames } from '../../optimizers/word';

/**
 * `optim.type` of prime-rl.
 * @see https://github.com/PrimeIntellect-ai/prime-rl (packages/prime-rl-configs/src/prime_rl/configs/trainer.py, 559b4477)
 */
export const PRIME_RL_NAMES: OptimizerNames = {
  adamw: { row: 'adamw' },
  sgd: { row: 'sgd', defaults: { momentum: 0.9, nesterov: true } },
  // The sign of the gradient, with decoupled decay: Lion without its two averages.
  sign_sgd: {
    row: 'lion',
    fixed: { betas: { value: [0, 0], why: l10n.t('SignSGD keeps no average of the gradient.') } },
  },
  muon: {
    unknown: l10n.t(
      'prime-rl builds it from the dion package with separate groups, a rule that LoRA Alpha does not know.',
    ),
  },
};
