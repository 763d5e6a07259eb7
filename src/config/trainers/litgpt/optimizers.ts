import { BNB_CLASSES } from '../../optimizers/bitsandbytes';
import { TORCH_CLASSES } from '../../optimizers/torch';
import type { OptimizerNames } from '../../optimizers/word';

/**
 * `optimizer.class_path` of litgpt: the path of any class.
 * @see https://github.com/Lightning-AI/litgpt (litgpt/utils.py: instantiate_torch_optimizer)
 */
export const LITGPT_NAMES: OptimizerNames = { ...TORCH_CLASSES, ...BNB_CLASSES };
