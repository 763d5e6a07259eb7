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
      eps: { value: 1e-6, who: 'LoRA-FA' },
      betas: { value: [0.9, 0.999], who: 'LoRA-FA' },
    },
  },
};
