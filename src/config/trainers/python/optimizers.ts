import { BNB_CLASSES } from '../../optimizers/bitsandbytes';
import { PACKAGE_CLASSES, PYTORCH_OPTIMIZER_CLASSES } from '../../optimizers/packages';
import { TORCH_CLASSES, TORCHAO_CLASSES } from '../../optimizers/torch';
import { inModules, type OptimizerNames } from '../../optimizers/word';

/** A class without a path is torch's: the script imports it with `*`, or the import is not in this file. */
const BARE: OptimizerNames = Object.fromEntries(
  Object.entries(TORCH_CLASSES).map(([path, word]) => [path.replace('torch.optim.', ''), word]),
);

/** AdamW of transformers before 5, which is gone. */
const OLD_ADAMW: OptimizerNames = { AdamW: { row: 'adamw', defaults: { weightDecay: 0, eps: 1e-6 } } };

/**
 * Optimizers as a Python script makes them, by the path of the class.
 * @see https://docs.pytorch.org/docs/stable/optim.html (v2.13), and the classes' own repositories
 */
export const SCRIPT_NAMES: OptimizerNames = {
  ...TORCH_CLASSES,
  ...BNB_CLASSES,
  ...TORCHAO_CLASSES,
  ...PYTORCH_OPTIMIZER_CLASSES,
  ...PACKAGE_CLASSES,
  ...BARE,
  ...inModules(['transformers', 'transformers.optimization'], OLD_ADAMW),
};
