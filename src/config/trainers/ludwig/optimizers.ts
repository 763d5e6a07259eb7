import * as l10n from '@vscode/l10n';
import type { OptimizerNames, OptimizerRule } from '../../optimizers/word';

// Ludwig's own schema gives every optimizer a weight decay of 0, AdamW too.
const ADAM: OptimizerRule = { row: 'adam', defaults: { weightDecay: 0 } };
const ADAMW: OptimizerRule = { row: 'adamw', defaults: { weightDecay: 0 } };
/** bitsandbytes' Adam and AdamW are one kernel, with decoupled decay. */
const BNB: OptimizerRule = ADAMW;
const LION: OptimizerRule = { row: 'lion', defaults: { betas: [0.9, 0.99], weightDecay: 0 } };
const SGD: OptimizerRule = { row: 'sgd', defaults: { momentum: 0, weightDecay: 0 } };
const ADAGRAD: OptimizerRule = { row: 'adagrad', defaults: { weightDecay: 0, eps: 1e-10 } };
const RMSPROP: OptimizerRule = { row: 'rmsprop', defaults: { weightDecay: 0, eps: 1e-8 } };

const quantized = (rule: OptimizerRule): OptimizerRule => ({ ...rule, quantized: true });
const UNMEASURED = { unknown: l10n.t('LoRA Alpha has not measured it as Ludwig builds it.') };

/**
 * `trainer.optimizer.type` of Ludwig; its arguments are in the same map.
 * @see https://github.com/ludwig-ai/ludwig (ludwig/schema/optimizers.py)
 */
export const LUDWIG_NAMES: OptimizerNames = {
  adam: ADAM,
  adam_8bit: quantized(BNB),
  paged_adam: BNB,
  paged_adam_8bit: quantized(BNB),
  adamw: ADAMW,
  adamw_8bit: quantized(BNB),
  paged_adamw: BNB,
  paged_adamw_8bit: quantized(BNB),
  sgd: SGD,
  sgd_8bit: quantized(SGD),
  adadelta: { row: 'adadelta', defaults: { weightDecay: 0, eps: 1e-6 } },
  adagrad: ADAGRAD,
  adagrad_8bit: quantized(ADAGRAD),
  adamax: { row: 'adamax', defaults: { weightDecay: 0 } },
  nadam: { row: 'nadam', defaults: { weightDecay: 0 } },
  radam: { row: 'radam', defaults: { weightDecay: 0 } },
  rmsprop: RMSPROP,
  rmsprop_8bit: quantized(RMSPROP),
  lion: LION,
  lion_8bit: quantized(LION),
  paged_lion: LION,
  paged_lion_8bit: quantized(LION),
  lamb: UNMEASURED,
  lamb_8bit: UNMEASURED,
  lars: UNMEASURED,
  lars_8bit: UNMEASURED,
  adafactor: UNMEASURED,
  schedule_free_adamw: UNMEASURED,
  muon: UNMEASURED,
  soap: UNMEASURED,
  lbfgs: { refused: l10n.t('it has to recompute the loss within a step, which no recipe does.') },
};
