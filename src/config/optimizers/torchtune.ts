import { BNB_CLASSES } from './bitsandbytes';
import { TORCH_CLASSES } from './torch';
import { TORCHAO_CLASSES } from './torchao';
import type { OptimizerNames } from './word';

/** `optimizer._component_` of torchtune: the path of any class. These are those it ships, documents or depends on. */
export const TORCHTUNE_NAMES: OptimizerNames = { ...TORCH_CLASSES, ...BNB_CLASSES, ...TORCHAO_CLASSES };
