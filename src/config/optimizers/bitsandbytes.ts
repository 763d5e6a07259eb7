import * as l10n from '@vscode/l10n';
import { OLD_LION } from '../trainers/hugging-face/optimizers';
import { inModules, type OptimizerNames, type OptimizerRule } from './word';

/** Adam and AdamW are one kernel in bitsandbytes, and its decay is decoupled; only the default of the decay differs. */
const BNB_ADAM: OptimizerRule = { row: 'adamw', defaults: { weightDecay: 0 } };
const BNB_ADAMW: OptimizerRule = { row: 'adamw', defaults: { weightDecay: 0.01 } };
const BNB_LION: OptimizerRule = {
  row: 'lion',
  defaults: { learningRate: 1e-4, betas: [0.9, 0.99], weightDecay: 0 },
  traps: [OLD_LION],
};
const BNB_ADEMAMIX: OptimizerRule = { row: 'ademamix', defaults: { weightDecay: 0.01 } };
const BNB_SGD: OptimizerRule = {
  row: 'sgd',
  defaults: { weightDecay: 0 },
  fixed: { nesterov: { value: false, why: l10n.t("bitsandbytes' SGD does not support Nesterov momentum.") } },
};
const BNB_ADAGRAD: OptimizerRule = { row: 'adagrad', defaults: { learningRate: 0.01, weightDecay: 0, eps: 1e-10 } };
const BNB_RMSPROP: OptimizerRule = {
  row: 'rmsprop',
  defaults: { learningRate: 0.01, weightDecay: 0, eps: 1e-8 },
  fixed: { momentum: { value: 0, why: l10n.t("bitsandbytes' RMSprop ignores momentum.") } },
};
const BNB_LAMB: OptimizerRule = { row: 'bnb-lamb', defaults: { weightDecay: 0 } };
const NO_MOMENTUM = { refused: l10n.t('it stops without a momentum above 0.') };
const BNB_LARS: OptimizerRule = {
  row: 'bnb-lars',
  defaults: { weightDecay: 0 },
  fixed: { nesterov: { value: false, why: l10n.t("bitsandbytes' LARS does not support Nesterov momentum.") } },
  variants: [
    { when: { momentum: undefined }, is: NO_MOMENTUM },
    { when: { momentum: 0 }, is: NO_MOMENTUM },
  ],
};
const NO_NARROW_KERNEL = {
  refused: l10n.t(
    'bitsandbytes has no kernel for it in 8 bits, and stops at the first matrix of 4096 numbers or more.',
  ),
};

/** A class in its three widths. */
function widths(name: string, rule: OptimizerNames[string]): OptimizerNames {
  const narrow = 'row' in rule ? { ...rule, quantized: true } : rule;
  return { [name]: rule, [`${name}8bit`]: narrow, [`${name}32bit`]: rule };
}

/**
 * Classes of bitsandbytes.
 * @see https://github.com/bitsandbytes-foundation/bitsandbytes (bitsandbytes/optim, csrc/kernels.cu, v0.50.2)
 */
export const BNB_CLASSES = inModules(['bitsandbytes.optim'], {
  ...widths('AdamW', BNB_ADAMW),
  ...widths('PagedAdamW', BNB_ADAMW),
  ...widths('Adam', BNB_ADAM),
  ...widths('PagedAdam', BNB_ADAM),
  ...widths('Lion', BNB_LION),
  ...widths('PagedLion', BNB_LION),
  ...widths('AdEMAMix', BNB_ADEMAMIX),
  ...widths('PagedAdEMAMix', BNB_ADEMAMIX),
  ...widths('SGD', BNB_SGD),
  ...widths('Adagrad', BNB_ADAGRAD),
  ...widths('RMSprop', BNB_RMSPROP),
  LAMB: BNB_LAMB,
  LAMB32bit: BNB_LAMB,
  LAMB8bit: NO_NARROW_KERNEL,
  LARS: BNB_LARS,
  LARS32bit: BNB_LARS,
  LARS8bit: NO_NARROW_KERNEL,
});
