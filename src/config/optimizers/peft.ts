import type { OptimizerNames } from './word';

/**
 * Optimizers that PEFT brings itself, by the function that makes them; they stand in a script, not in a config.
 * @see https://github.com/huggingface/peft (src/peft/optimizers/lorafa.py, v0.21.2)
 */
export const PEFT_NAMES: OptimizerNames = { create_lorafa_optimizer: { row: 'lora-fa' } };
