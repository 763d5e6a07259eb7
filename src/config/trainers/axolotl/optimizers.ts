import * as l10n from '@vscode/l10n';
import { field, type Default } from '../shared/fields';
import { HF_NAMES } from '../hugging-face/optimizers';
import { DECOUPLE_LR, MUON } from '../../optimizers/packages';
import { narrow, type OptimizerNames, type OptimizerRule } from '../../optimizers/word';

/** These optimizers are built by a factory of Axolotl's own, which knows nothing of LoRA+ (and of lr_groups). */
const noLoraplus: Default = { value: null, why: l10n.t('Axolotl builds this optimizer without LoRA+.') };

/** Axolotl passes optim_args to its own optimizers last, so they override other keys. */
const own = (rule: OptimizerRule): OptimizerRule => ({
  ...rule,
  fields: {
    eps: field(['optim_args.eps', 'adam_epsilon']),
    weightDecay: field(['optim_args.weight_decay', 'weight_decay']),
  },
});

/** flashoptim keeps its states in 8 bits, with scales in float16. */
const flash = (rule: OptimizerRule): OptimizerRule => own(narrow(rule));

/**
 * `optimizer` of Axolotl: its own names, and those of Hugging Face's Trainer.
 * @see https://github.com/axolotl-ai-cloud/axolotl (src/axolotl/core/builders/base.py: _configure_optimizer; utils/schemas/enums.py, v0.19.0)
 */
export const AXOLOTL_NAMES: OptimizerNames = {
  ...HF_NAMES,
  optimi_adamw: own({ row: 'adamw', defaults: { betas: [0.9, 0.99], eps: 1e-6 }, variants: [DECOUPLE_LR] }),
  // Since 0.19 they are called adamw_torch_4bit and adamw_torch_8bit.
  ao_adamw_4bit: narrow({ row: 'adamw' }),
  ao_adamw_8bit: narrow({ row: 'adamw' }),
  ao_adamw_fp8: own(narrow({ row: 'adamw' })),
  adopt_adamw: own({ row: 'adopt', defaults: { betas: [0.9, 0.9999], eps: 1e-6 } }),
  adamc: own({ row: 'adamc' }),
  // adam_epsilon is CAME's first eps, which is added to the squared gradient.
  came_pytorch: {
    row: 'came',
    defaults: { eps: 1e-30 },
    optionKeys: { beta3: 'adam_beta3', epsInstability: 'adam_epsilon2' },
  },
  muon: { ...MUON, fixed: { ...MUON.fixed, loraplusLrRatio: noLoraplus } },
  // learning_rate is for parameters that are no matrices: A and B train with dion_lr.
  dion: {
    row: 'dion',
    arguments: { eps: 'epsilon' },
    fields: { learningRate: field('dion_lr'), momentum: field('dion_momentum') },
    fixed: { loraplusLrRatio: noLoraplus },
  },
  sinkgd: {
    row: 'sinkgd',
    arguments: { eps: 'sinkgd_eps', iterations: 'sinkhorn_iters', lrScale: 'sinkgd_lr_scale' },
    fixed: { loraplusLrRatio: noLoraplus },
  },
  polora: { unknown: l10n.t('it changes A and B together, by a rule that is not published.') },
  flash_adamw: flash({ row: 'adamw', variants: [DECOUPLE_LR] }),
  flash_adam: flash({ row: 'adam' }),
  flash_sgd: flash({ row: 'sgd' }),
  flash_sgdw: flash({ row: 'sgdw', variants: [DECOUPLE_LR] }),
  flash_lion: flash({ row: 'lion', defaults: { betas: [0.9, 0.99] }, variants: [DECOUPLE_LR] }),
  q_galore_adamw8bit: { refused: l10n.t('Axolotl does not combine it with an adapter.') },
};
