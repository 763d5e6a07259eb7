import * as l10n from '@vscode/l10n';
import type { OptimizerNames } from '../../optimizers/word';

/**
 * PEFT's own optimizers by the function that makes them; only scripts have them.
 * @see https://github.com/huggingface/peft (src/peft/optimizers/lorafa.py, v0.21.2)
 */
export const PEFT_NAMES: OptimizerNames = {
  create_lorafa_optimizer: {
    row: 'lora-fa',
    defaults: { weightDecay: 0 },
    fixed: {
      eps: { value: 1e-6, why: l10n.t('create_lorafa_optimizer has no eps argument; LoRA-FA uses 1e-6.') },
      betas: {
        value: [0.9, 0.999],
        why: l10n.t('create_lorafa_optimizer has no betas argument; LoRA-FA uses 0.9 and 0.999.'),
      },
    },
  },
};
