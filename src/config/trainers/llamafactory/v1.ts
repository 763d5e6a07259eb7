import * as l10n from '@vscode/l10n';
import { PEFT_LIBRARY } from '../../init-code/peft';
import type { OptimizerNames } from '../../optimizers/word';
import { PEFT_INIT } from '../peft/lora-config';
import { continues, unclear, unscaled } from '../shared/trap';
import { names, unknownArguments } from '../shared/known';
import { dividing } from '../shared/init-code';
import type { Layout } from '../trainer';
import { field, fixedAt, says, valueAt } from '../shared/fields';

/** It gets only the learning rate. */
const ADAMW = { who: 'torch.optim.AdamW' };

/**
 * `optim_config.name` of LLaMA-Factory v1. Its `muon` trains the LoRA factors with its own AdamW.
 * @see https://github.com/hiyouga/LLaMA-Factory (src/llamafactory/v1: core/base_trainer.py: _init_optimizer; plugins/trainer_plugins/optimizers/optimizer.py)
 */
const NAMES: OptimizerNames = {
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
      weightDecay: field('optim_config.wd'),
      eps: field('optim_config.adamw_eps'),
      betas: field('optim_config.adamw_betas'),
    },
  },
};

/** @see https://github.com/hiyouga/LLaMA-Factory (src/llamafactory/v1: plugins/model_plugins/peft.py, core/base_trainer.py) */
const KNOWN = {
  peft_config: names(
    'adapter_name_or_path lora_alpha lora_dropout modules_to_save name r target_modules use_dora use_rslora',
  ),
  optim_config: names('adamw_betas adamw_eps name wd'),
};

/**
 * LLaMA-Factory's second layout, with the adapter under `peft_config`.
 * @see https://github.com/hiyouga/LLaMA-Factory (src/llamafactory/v1: plugins/model_plugins/peft.py, core/base_trainer.py)
 */
export const layoutV1: Layout = {
  id: 'llamafactory-v1',
  owner: 'LLaMA-Factory v1',
  recognise: (root) =>
    valueAt(root, 'peft_config.name') === 'lora' && says(root, 'model') && !says(root, 'peft_config.export_dir'),
  fields: {
    rank: field('peft_config.r', 8),
    alpha: field('peft_config.lora_alpha', 16),
    useRslora: field('peft_config.use_rslora'),
    useDora: field('peft_config.use_dora'),
    learningRate: field('learning_rate', 1e-4),
    optimizer: field('optim_config.name', 'AdamW'),
    maxGradNorm: field('max_grad_norm', 1),
    scheduler: field('lr_scheduler_config.name', 'constant'),
    dropout: field('peft_config.lora_dropout', 0.05),
    init: fixedAt(PEFT_INIT),
    targetModules: field('peft_config.target_modules', 'all'),
  },
  optimizers: NAMES,
  notUnderstood: (root) => unknownArguments(root, KNOWN),
  traps: [
    unscaled('peft_config.modules_to_save'),
    continues('peft_config.adapter_name_or_path'),
    // No scheduler comes with it (plugins/trainer_plugins/lr_scheduler.py): one that is named is the user's own.
    unclear('lr_scheduler_config', l10n.t('This scheduler is a plugin; its arguments may hold learning rates.'), {
      blocksEdits: true,
    }),
  ],
  initCode: dividing(
    PEFT_LIBRARY,
    [
      '# LLaMA-Factory v1 has no hook for this. In src/llamafactory/v1/plugins/model_plugins/peft.py, in get_lora_model,',
      '# after model = get_peft_model(model, peft_config):',
    ],
    { indent: '    ' },
  ),
};
