import * as l10n from '@vscode/l10n';
import { field, type Default } from '../shared/fields';
import { OLD_LION } from '../../optimizers/bitsandbytes';
import { FIRST_EPS } from '../../optimizers/torch';
import { DECOUPLE_LR } from '../../optimizers/packages';
import { narrow, type OptimizerNames, type OptimizerRule } from '../../optimizers/word';

const ADAMW: OptimizerRule = { row: 'adamw' };
const LION: OptimizerRule = { row: 'lion', traps: OLD_LION };

/** The Trainer does not pass the number on. */
const unpassed = (who: string, value: Default['value']): Default => ({ value, who });

const unclipped: Default = {
  value: 0,
  why: l10n.t('this optimizer steps inside the backward pass, so the Trainer never clips.'),
};

const galore = (weightDecay: Default, eps: number): OptimizerRule => ({
  row: 'galore',
  arguments: { updateGap: 'update_proj_gap' },
  fixed: { weightDecay, eps: unpassed('GaLore', eps), betas: unpassed('GaLore', [0.9, 0.999]) },
});
const GALORE = galore(unpassed('GaLore', 0), 1e-6);
const GALORE_8BIT = narrow(galore(unpassed(l10n.t("GaLore's 8-bit AdamW"), 0.01), 1e-8));
const APOLLO: OptimizerRule = {
  row: 'apollo',
  arguments: { updateGap: 'update_proj_gap' },
  fixed: { weightDecay: unpassed('APOLLO', 0) },
  variants: [{ when: { scale_type: 'tensor' }, is: { options: { tensorWise: 1 } } }],
};

/** The Trainer passes strings as the arguments of bitsandbytes' RMSprop, which fails on them. */
const RMSPROP_BNB: OptimizerRule = { row: 'rmsprop', fixed: { eps: unpassed(l10n.t("bitsandbytes' RMSprop"), 1e-8) } };

const ADEMAMIX: OptimizerRule = {
  row: 'ademamix',
  arguments: { beta3: 'beta3' },
  fields: { eps: field(['optim_args.eps', 'adam_epsilon']) },
};

const layerwise = (rule: OptimizerRule): OptimizerRule => ({
  ...rule,
  isUngrouped: true,
  fixed: { ...rule.fixed, maxGradNorm: unclipped },
});

/**
 * `optim` of Hugging Face's Trainer: the names of transformers 5.24.0, and removed names of 4.x.
 * @see https://github.com/huggingface/transformers (src/transformers/trainer_optimizer.py; training_args.py: OptimizerNames)
 */
export const HF_NAMES: OptimizerNames = {
  adamw_torch: ADAMW,
  adamw_torch_fused: ADAMW,
  adamw_torch_xla: ADAMW,
  adamw_torch_npu_fused: ADAMW,
  adamw_apex_fused: ADAMW,
  adamw_anyprecision: ADAMW,
  adamw_hf: ADAMW,
  adamw_torch_4bit: narrow(ADAMW),
  adamw_torch_8bit: narrow(ADAMW),
  adamw_bnb_8bit: narrow(ADAMW),
  adamw_8bit: narrow(ADAMW),
  paged_adamw_32bit: ADAMW,
  paged_adamw_8bit: narrow(ADAMW),
  paged_adamw: {
    refused: l10n.t("Hugging Face's Trainer has no optimizer of this name; it is called paged_adamw_32bit."),
  },
  ademamix: ADEMAMIX,
  ademamix_8bit: narrow(ADEMAMIX),
  paged_ademamix_32bit: ADEMAMIX,
  paged_ademamix_8bit: narrow(ADEMAMIX),
  lion_32bit: LION,
  lion_8bit: narrow(LION),
  paged_lion_32bit: LION,
  paged_lion_8bit: narrow(LION),
  rmsprop_bnb: RMSPROP_BNB,
  rmsprop_bnb_32bit: RMSPROP_BNB,
  rmsprop_bnb_8bit: narrow(RMSPROP_BNB),
  // Built with scale_parameter=False and relative_step=False.
  adafactor: { row: 'adafactor-hf', groupKeys: FIRST_EPS, fixed: { eps: unpassed('Adafactor', 1e-30) } },
  sgd: { row: 'sgd', arguments: { momentum: 'momentum' } },
  adagrad: { row: 'adagrad', arguments: { eps: 'eps' }, fixed: { initialAccumulator: unpassed('Adagrad', 0) } },
  rmsprop: { row: 'rmsprop', arguments: { eps: 'eps', momentum: 'momentum' } },
  galore_adamw: GALORE,
  galore_adamw_layerwise: layerwise(GALORE),
  galore_adamw_8bit: GALORE_8BIT,
  galore_adamw_8bit_layerwise: layerwise(GALORE_8BIT),
  galore_adafactor: { unknown: l10n.t('LoRA Alpha has not measured Adafactor on a projected gradient.') },
  galore_adafactor_layerwise: {
    refused: l10n.t`GaLore builds it with a relative step and a learning rate at once, and stops ("Cannot combine manual lr").`,
  },
  apollo_adamw: APOLLO,
  apollo_adamw_layerwise: layerwise(APOLLO),
  // Gradient descent with decoupled decay, no momentum.
  lomo: {
    row: 'sgdw',
    isUngrouped: true,
    fixed: { weightDecay: unpassed('LOMO', 0), momentum: unpassed('LOMO', 0), maxGradNorm: unclipped },
  },
  adalomo: {
    row: 'adalomo',
    isUngrouped: true,
    fixed: {
      weightDecay: unpassed('AdaLomo', 0),
      eps: unpassed('AdaLomo', 1e-30),
      epsRms: unpassed('AdaLomo', 1e-3),
      maxGradNorm: unclipped,
    },
  },
  grokadamw: {
    row: 'grokadamw',
    isUngrouped: true,
    fixed: { eps: unpassed('GrokAdamW', 1e-8), betas: unpassed('GrokAdamW', [0.9, 0.999]) },
  },
  schedule_free_adamw: { row: 'schedule-free-adamw' },
  schedule_free_radam: { row: 'schedule-free-radam' },
  schedule_free_sgd: { row: 'schedule-free-sgd', fixed: { momentum: unpassed('SGDScheduleFree', 0.9) } },
  // bool("False") is True: whatever is written turns it on.
  stable_adamw: { row: 'stable-adamw', variants: [{ ...DECOUPLE_LR, when: { decouple_lr: 'given' } }] },
};
