import * as l10n from '@vscode/l10n';
import { scalarAt } from '../syntax/tree';
import { unclear } from '../trainers/shared/trap';
import { inModules, isNoRule, narrow, type OptimizerNames, type OptimizerRule, type OptimizerWord } from './word';

const OLD_DECAY = l10n.t`Before bitsandbytes 0.50.0 Lion adds the decay to the gradient (in 8 bits too, for small factors). There weight decay changes by k where later versions need √k; the plan follows later versions.`;

/**
 * Fixed in bitsandbytes 0.50.0; 8-bit Lion falls to the 32-bit kernel for tensors of fewer than 4096 elements.
 * @see https://github.com/bitsandbytes-foundation/bitsandbytes/pull/1993 (csrc/kernels.cu: kOptimizer32bit1State)
 */
export const OLD_LION = ['weight_decay', 'optimizer.weight_decay', 'optimizer_args.weight_decay'].map((label) =>
  unclear(label, OLD_DECAY, { when: (root) => Number(scalarAt(root, label.split('.')) ?? 0) > 0 }),
);

const LION: OptimizerRule = {
  row: 'lion',
  defaults: { learningRate: 1e-4, betas: [0.9, 0.99], weightDecay: 0 },
  traps: OLD_LION,
};
export const BNB_SGD: OptimizerRule = {
  row: 'sgd',
  defaults: { weightDecay: 0 },
  fixed: { nesterov: { value: false, why: l10n.t("bitsandbytes' SGD does not support Nesterov momentum.") } },
};
const RMSPROP: OptimizerRule = {
  row: 'rmsprop',
  defaults: { learningRate: 0.01, weightDecay: 0, eps: 1e-8 },
  fixed: { momentum: { value: 0, why: l10n.t("bitsandbytes' RMSprop ignores momentum.") } },
};
const NO_MOMENTUM = { refused: l10n.t('it stops without a momentum above 0.') };
const LARS: OptimizerRule = {
  row: 'bnb-lars',
  defaults: { weightDecay: 0 },
  fixed: { nesterov: { value: false, why: l10n.t("bitsandbytes' LARS does not support Nesterov momentum.") } },
  variants: [undefined, 0].map((momentum) => ({ when: { momentum }, is: NO_MOMENTUM })),
};
const NO_NARROW_KERNEL = {
  refused: l10n.t`bitsandbytes has no kernel for it in 8 bits, and stops at the first matrix of 4096 numbers or more.`,
};

/** Classes in their three widths, and paged ones where the names are both. */
function widths(names: string, rule: OptimizerRule, in8: OptimizerWord = narrow(rule)): OptimizerNames {
  const each = names.split(' ').map((name) => ({ [name]: rule, [`${name}8bit`]: in8, [`${name}32bit`]: rule }));
  return Object.assign({}, ...each) as OptimizerNames;
}

/**
 * Classes of bitsandbytes.
 * @see https://github.com/bitsandbytes-foundation/bitsandbytes (bitsandbytes/optim, csrc/kernels.cu, v0.50.2)
 */
export const BNB_CLASSES = inModules(['bitsandbytes.optim'], {
  // Adam and AdamW are one kernel, and its decay is decoupled; only the default of the decay differs.
  ...widths('AdamW PagedAdamW', { row: 'adamw', defaults: { weightDecay: 0.01 } }),
  ...widths('Adam PagedAdam', { row: 'adamw', defaults: { weightDecay: 0 } }),
  ...widths('Lion PagedLion', LION),
  ...widths('AdEMAMix PagedAdEMAMix', { row: 'ademamix', defaults: { weightDecay: 0.01 } }),
  ...widths('SGD', BNB_SGD),
  ...widths('Adagrad', { row: 'adagrad', defaults: { learningRate: 0.01, weightDecay: 0, eps: 1e-10 } }),
  ...widths('RMSprop', RMSPROP),
  ...widths('LAMB', { row: 'bnb-lamb', defaults: { weightDecay: 0 } }, NO_NARROW_KERNEL),
  ...widths('LARS', LARS, NO_NARROW_KERNEL),
});

/** The rule of a class of bitsandbytes by its name: `Lion8bit`. */
export function bnb(name: string): OptimizerRule {
  const word = BNB_CLASSES[`bitsandbytes.optim.${name}`];
  if (!word || isNoRule(word)) throw new Error(`bitsandbytes has no rule for ${name}`);
  return word;
}
