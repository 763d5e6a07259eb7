import { BNB_CLASSES } from '../../optimizers/bitsandbytes';
import { HF_NAMES } from '../hugging-face/optimizers';
import { TORCH_CLASSES } from '../../optimizers/torch';
import { TORCHAO_CLASSES } from '../../optimizers/torchao';
import { isNoRule, withoutModules, type OptimizerNames, type OptimizerWord } from '../../optimizers/word';

const CLASSES: OptimizerNames = { ...BNB_CLASSES, ...TORCHAO_CLASSES, ...TORCH_CLASSES };

/** Optimizer names with an obvious meaning. Defaults of the class are left out, because the code may pass anything. */
export const GENERIC_NAMES: OptimizerNames = Object.fromEntries(
  Object.entries({ ...HF_NAMES, ...withoutModules(CLASSES), ...CLASSES }).map(([name, word]) => [name, ruleOf(word)]),
);

function ruleOf(word: OptimizerWord): OptimizerWord {
  if (isNoRule(word)) return word;
  const { row, options, quantized } = word;
  return { row, ...(options && { options }), ...(quantized && { quantized }) };
}
