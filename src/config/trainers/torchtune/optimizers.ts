import { BNB_CLASSES } from '../../optimizers/bitsandbytes';
import { TORCH_CLASSES } from '../../optimizers/torch';
import { TORCHAO_CLASSES } from '../../optimizers/torchao';
import type { OptimizerNames } from '../../optimizers/word';

/** `optimizer._component_` of torchtune: the path of any class. These are those it ships, documents or depends on. */
export const TORCHTUNE_NAMES: OptimizerNames = { ...TORCH_CLASSES, ...BNB_CLASSES, ...TORCHAO_CLASSES };
