import type { OptimizerWord } from './trainer';

const ADAMW: OptimizerWord = { row: 'adamw' };
const ADAM: OptimizerWord = { row: 'adam' };
// library/train_util.py sets nesterov, and momentum 0.9 where nobody gives one.
const NESTEROV: OptimizerWord = { row: 'sgd', momentum: 0.9, nesterov: true };

/**
 * `optimizer_type` names whose rule we know, in lower case. Names that sd-scripts does not know itself are looked up in
 * torch.optim, or imported by their dotted path.
 */
export const KOHYA_OPTIMIZERS: Readonly<Record<string, OptimizerWord>> = {
  adamw: ADAMW,
  adamw8bit: ADAMW,
  pagedadamw: ADAMW,
  pagedadamw8bit: ADAMW,
  pagedadamw32bit: ADAMW,
  'torch.optim.adamw': ADAMW,
  'bitsandbytes.optim.adamw8bit': ADAMW,
  'bitsandbytes.optim.pagedadamw8bit': ADAMW,
  adam: ADAM,
  'torch.optim.adam': ADAM,
  'bitsandbytes.optim.adam8bit': ADAM,
  sgd: { row: 'sgd' },
  'torch.optim.sgd': { row: 'sgd' },
  sgdnesterov: NESTEROV,
  sgdnesterov8bit: NESTEROV,
};
