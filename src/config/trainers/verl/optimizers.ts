import * as l10n from '@vscode/l10n';
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

/**
 * Megatron-Core's own words. Its Adam decouples the weight decay by default.
 * @see https://github.com/NVIDIA/Megatron-LM (megatron/core/optimizer/optimizer_config.py: decoupled_weight_decay)
 */
export const MEGATRON_NAMES: OptimizerNames = {
  adam: { row: 'adamw', defaults: { weightDecay: 0.01 } },
  sgd: { row: 'sgd', defaults: { momentum: 0.9 } },
  muon: {
    unknown: l10n.t('Megatron trains matrices with Muon and the rest with Adam, each with its own learning rate.'),
  },
  dist_muon: {
    unknown: l10n.t('Megatron trains matrices with Muon and the rest with Adam, each with its own learning rate.'),
  },
};
