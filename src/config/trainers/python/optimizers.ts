import { BNB_CLASSES } from '../../optimizers/bitsandbytes';
import { PACKAGE_CLASSES, PYTORCH_OPTIMIZER_CLASSES } from '../../optimizers/packages';
import { TORCH_CLASSES, TORCHAO_CLASSES } from '../../optimizers/torch';
import { inModules, withoutModules, type OptimizerNames } from '../../optimizers/word';
import { any, words } from './harmless';

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
  // A class without a path is torch's: the script imports it with `*`, or the import is not in this file.
  ...withoutModules(TORCH_CLASSES),
  ...inModules(['transformers', 'transformers.optimization'], OLD_ADAMW),
};

/** Classes of packages that have optimizers only. */
const OF_PACKAGE = new RegExp(
  `^(?:torch\\.optim|bitsandbytes\\.optim|apex\\.optimizers|torchao\\.optim|deepspeed\\.ops\\.adam|${[
    ...words(`torch_optimizer lion_pytorch prodigyopt prodigy_plus_schedule_free schedulefree came_pytorch dadaptation
      pytorch_optimizer adam_mini galore_torch q_galore_torch apollo_torch optimi muon heavyball lomo_optim sophia
      adabelief_pytorch`),
  ].join('|')})\\.(?:(?!swa_utils|lr_scheduler)\\w+\\.)*[A-Z]\\w*$`,
);

/** Optimizer classes, and functions that take the optimizer's arguments, by the end of their name. */
const OPTIMIZER_CLASS = any(
  `(?:Paged)?(?:AdamW?|Lion|SGD|Adagrad|RMSprop|LAMB|Lamb|LARS|AdEMAMix|Adan|CAME|Sophia*|DAdapt*)(?:[48]bit|Fp8|32bit)?
  Adamax NAdam RAdam Adadelta Adafactor Rprop ASGD Muon SOAP Prodigy AdamWScheduleFree* SGDScheduleFree*
  RAdamScheduleFree* FusedAdam DeepSpeedCPUAdam optimizer_class optimizer_cls create_loraplus_optimizer`,
);

/** `optimizer_class(parameters, lr=lr)`: a variable that holds the optimizer's class. */
export const CHOSEN = any('optimizer_class optimizer_cls');

/** Whether what is called is an optimizer's class, or what stands for one: its arguments are the optimizer's. */
export const isReadOptimizer = (path: string): boolean => OPTIMIZER_CLASS.test(path) || OF_PACKAGE.test(path);
