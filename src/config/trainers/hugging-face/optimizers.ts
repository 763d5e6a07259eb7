import * as l10n from '@vscode/l10n';
import { OLD_LION } from '../../optimizers/bitsandbytes';
import { DECOUPLE_LR } from '../../optimizers/packages';
import { FIRST_EPS } from '../../optimizers/torch';
import { allAre, narrow, type OptimizerNames, type OptimizerRule } from '../../optimizers/word';
import { field, type Default } from '../shared/fields';
import { stops } from '../shared/trap';

const ADAMW: OptimizerRule = { row: 'adamw' };
const LION: OptimizerRule = { row: 'lion', traps: OLD_LION };

/** Numbers of a class that the Trainer does not pass on. */
export const fixedBy = (who: string, values: Readonly<Record<string, Default['value']>>): Record<string, Default> =>
  Object.fromEntries(Object.entries(values).map(([field, value]) => [field, { value, who }]));

const unclipped: Default = {
  value: 0,
  why: l10n.t('this optimizer steps inside the backward pass, so the Trainer never clips.'),
};

/** LoRA+ has groups of parameters for them, and no model. */
const NEEDS_MODEL = {
  traps: ['loraplus_lr_ratio', 'lorap_lr_ratio'].map((label) =>
    stops(label, l10n.t`This optimizer is made from the model itself, and the run stops with LoRA+. Remove ${label}.`),
  ),
};

const galore = (who: string, weightDecay: number, eps: number): OptimizerRule => ({
  ...NEEDS_MODEL,
  row: 'galore',
  arguments: { updateGap: 'update_proj_gap' },
  fixed: { ...fixedBy(who, { weightDecay }), ...fixedBy('GaLore', { eps, betas: [0.9, 0.999] }) },
});
const GALORE = galore('GaLore', 0, 1e-6);
const GALORE_8BIT = narrow(galore(l10n.t("GaLore's 8-bit AdamW"), 0.01, 1e-8));
const APOLLO: OptimizerRule = {
  ...NEEDS_MODEL,
  row: 'apollo',
  arguments: { updateGap: 'update_proj_gap' },
  fixed: fixedBy('APOLLO', { weightDecay: 0 }),
  variants: [{ when: { scale_type: 'tensor' }, is: { options: { tensorWise: 1 } } }],
};

/** The Trainer passes strings as the arguments of bitsandbytes' RMSprop, which fails on them. */
const RMSPROP_BNB: OptimizerRule = { row: 'rmsprop', fixed: fixedBy(l10n.t("bitsandbytes' RMSprop"), { eps: 1e-8 }) };

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
  ...allAre(
    ADAMW,
    `adamw_torch adamw_torch_fused adamw_torch_xla adamw_torch_npu_fused adamw_apex_fused adamw_anyprecision adamw_hf
    paged_adamw_32bit`,
  ),
  ...allAre(narrow(ADAMW), 'adamw_torch_4bit adamw_torch_8bit adamw_bnb_8bit adamw_8bit paged_adamw_8bit'),
  paged_adamw: {
    refused: l10n.t("Hugging Face's Trainer has no optimizer of this name; it is called paged_adamw_32bit."),
  },
  ...allAre(ADEMAMIX, 'ademamix paged_ademamix_32bit'),
  ...allAre(narrow(ADEMAMIX), 'ademamix_8bit paged_ademamix_8bit'),
  ...allAre(LION, 'lion_32bit paged_lion_32bit'),
  ...allAre(narrow(LION), 'lion_8bit paged_lion_8bit'),
  ...allAre(RMSPROP_BNB, 'rmsprop_bnb rmsprop_bnb_32bit'),
  rmsprop_bnb_8bit: narrow(RMSPROP_BNB),
  // Built with scale_parameter=False and relative_step=False.
  adafactor: { row: 'adafactor-hf', groupKeys: FIRST_EPS, fixed: fixedBy('Adafactor', { eps: 1e-30 }) },
  sgd: { row: 'sgd', arguments: { momentum: 'momentum' } },
  adagrad: { row: 'adagrad', arguments: { eps: 'eps' }, fixed: fixedBy('Adagrad', { initialAccumulator: 0 }) },
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
  lomo: layerwise({ ...NEEDS_MODEL, row: 'sgdw', fixed: fixedBy('LOMO', { weightDecay: 0, momentum: 0 }) }),
  adalomo: layerwise({
    ...NEEDS_MODEL,
    row: 'adalomo',
    fixed: fixedBy('AdaLomo', { weightDecay: 0, eps: 1e-30, epsRms: 1e-3 }),
  }),
  grokadamw: { row: 'grokadamw', isUngrouped: true, fixed: fixedBy('GrokAdamW', { eps: 1e-8, betas: [0.9, 0.999] }) },
  schedule_free_adamw: { row: 'schedule-free-adamw' },
  schedule_free_radam: { row: 'schedule-free-radam' },
  schedule_free_sgd: { row: 'schedule-free-sgd', fixed: fixedBy('SGDScheduleFree', { momentum: 0.9 }) },
  // bool("False") is True: whatever is written turns it on.
  stable_adamw: { row: 'stable-adamw', variants: [{ ...DECOUPLE_LR, when: { decouple_lr: 'given' } }] },
};

/**
 * Optimizers that are made from the model, so that no plan adds a LoRA+ ratio.
 * @see https://github.com/huggingface/transformers (src/transformers/trainer_optimizer.py: _get_lomo_optimizer, v5.24.0)
 */
export const FROM_MODEL = Object.keys(HF_NAMES).filter((name) => /^(?:galore_|apollo_|(?:ada)?lomo$)/.test(name));
