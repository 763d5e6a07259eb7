import * as l10n from '@vscode/l10n';
import { inModules, type OptimizerNames, type OptimizerRule } from './word';

const TORCHAO = ['torchao.optim', 'torchao.prototype.low_bit_optim'];
const TORCHAO_ADAMW: OptimizerRule = { row: 'adamw', defaults: { weightDecay: 0.01 } };
const TORCHAO_ADAM: OptimizerRule = { row: 'adam', defaults: { weightDecay: 0 } };

const TORCHAO_NAMES: OptimizerNames = {
  AdamW8bit: { ...TORCHAO_ADAMW, quantized: true },
  AdamW4bit: { ...TORCHAO_ADAMW, quantized: true },
  AdamWFp8: { ...TORCHAO_ADAMW, quantized: true },
  _AdamW: TORCHAO_ADAMW,
  Adam8bit: { ...TORCHAO_ADAM, quantized: true },
  Adam4bit: { ...TORCHAO_ADAM, quantized: true },
  AdamFp8: { ...TORCHAO_ADAM, quantized: true },
  CPUOffloadOptimizer: {
    ...TORCHAO_ADAMW,
    variants: [
      { when: { optimizer_class: 'torch.optim.AdamW' }, is: {} },
      {
        when: { optimizer_class: 'given' },
        is: { unknown: l10n.t('it passes the work on to another optimizer class.') },
      },
    ],
  },
};

/**
 * Classes of torchao. Unlike bitsandbytes', its Adam is Adam.
 * @see https://github.com/pytorch/ao (torchao/optim/adam.py, v0.18.0)
 */
export const TORCHAO_CLASSES = inModules(TORCHAO, TORCHAO_NAMES);
