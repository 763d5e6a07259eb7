import { BNB_CLASSES } from '../../optimizers/bitsandbytes';
import { TORCH_CLASSES } from '../../optimizers/torch';
import { TORCHAO_CLASSES } from '../../optimizers/torchao';
import { withoutModules, type OptimizerNames } from '../../optimizers/word';

/**
 * `optim.optimizer` of verl under FSDP: the name of a class in the module that `optim.optimizer_impl` names. A class has
 * one rule in all of them but for Adam, whose decay bitsandbytes decouples.
 * @see https://github.com/volcengine/verl (verl/workers/config/optimizer.py: build_optimizer, v0.9.1)
 */
export const VERL_NAMES: OptimizerNames = {
  ...withoutModules(BNB_CLASSES),
  ...withoutModules(TORCHAO_CLASSES),
  ...withoutModules(TORCH_CLASSES),
};
