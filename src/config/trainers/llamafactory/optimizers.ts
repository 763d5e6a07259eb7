import * as l10n from '@vscode/l10n';
import { scalarAt } from '../../syntax/tree';
import type { Trap } from '../shared/trap';
import { key, field } from '../shared/fields';
import { MUON } from '../../optimizers/packages';
import { HF_NAMES } from '../hugging-face/optimizers';
import type { OptimizerNames } from '../../optimizers/word';

const notWithLora = { refused: l10n.t('LLaMA-Factory does not combine it with LoRA.') };

const beatenByLoraplus: Trap = {
  code: 'optimizer-overruled',
  severity: 'warning',
  message: l10n.t(
    'With loraplus_lr_ratio LLaMA-Factory builds the optimizer of optim and ignores use_adam_mini and use_muon; remove one of them.',
  ),
  applies: (root) => scalarAt(root, ['loraplus_lr_ratio']) !== undefined,
  at: key('loraplus_lr_ratio'),
  limits: 'approximate',
};

/**
 * `optim` of LLaMA-Factory, and its switches use_galore, use_muon … under the names without `use_`.
 * @see https://github.com/hiyouga/LLaMA-Factory (src/llamafactory/train/trainer_utils.py: create_custom_optimizer; hparams/parser.py)
 */
export const LLAMAFACTORY_NAMES: OptimizerNames = {
  ...HF_NAMES,
  galore: notWithLora,
  apollo: notWithLora,
  badam: notWithLora,
  adam_mini: { row: 'adam-mini', traps: [beatenByLoraplus] },
  muon: {
    ...MUON,
    fixed: {
      ...MUON.fixed,
      momentum: { value: 0.95 },
    },
    traps: [beatenByLoraplus],
  },
};

/** It gets only the learning rate. */
const ADAMW = { who: 'torch.optim.AdamW' };

/**
 * `optim_config.name` of LLaMA-Factory v1. Its `muon` trains the LoRA factors with its own AdamW.
 * @see https://github.com/hiyouga/LLaMA-Factory (src/llamafactory/v1: core/base_trainer.py: _init_optimizer; plugins/trainer_plugins/optimizers/optimizer.py)
 */
export const LLAMAFACTORY_V1_NAMES: OptimizerNames = {
  AdamW: {
    row: 'adamw',
    fixed: {
      weightDecay: { ...ADAMW, value: 0.01 },
      eps: { ...ADAMW, value: 1e-8 },
      betas: { ...ADAMW, value: [0.9, 0.999] },
    },
  },
  muon: {
    row: 'adamw',
    defaults: { weightDecay: 0.1, eps: 1e-8, betas: [0.9, 0.95] },
    fields: {
      weightDecay: { keys: [key('optim_config.wd')], beside: [key('optim_config.name')] },
      eps: { keys: [key('optim_config.adamw_eps')], beside: [key('optim_config.name')] },
      betas: field('optim_config.adamw_betas'),
    },
  },
};
