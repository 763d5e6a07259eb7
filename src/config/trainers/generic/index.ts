import * as l10n from '@vscode/l10n';
import type { Library } from '../../init-code/library';
import { BNB_CLASSES } from '../../optimizers/bitsandbytes';
import { TORCH_CLASSES, TORCHAO_CLASSES } from '../../optimizers/torch';
import { isNoRule, withoutModules, type OptimizerNames, type OptimizerWord } from '../../optimizers/word';
import { HF_NAMES } from '../hugging-face/optimizers';
import { dividing } from '../shared/init-code';
import type { Layout, Trainer } from '../trainer';
import { blockOf } from './block';
import { guessOf } from './guess';

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

/**
 * The library of home-made code: most of it has PEFT's names, some without adapters.
 * @see https://github.com/huggingface/peft/blob/main/src/peft/tuners/lora/layer.py
 */
export const UNKNOWN_LIBRARY: Library = {
  A: ['lora_A', 'lora_embedding_A'],
  B: ['lora_B', 'lora_embedding_B'],
  arrays: 'torch',
};

/** A block with a rank and an alpha that can only be LoRA's, and settings near it with common names. */
const layout: Layout = {
  id: 'generic',
  recognise: (root) => blockOf(root) !== null,
  inFile: (root) => ({ ...layout, ...guessOf(root) }),
  fields: {},
  optimizers: GENERIC_NAMES,
  traps: [],
  initCode: dividing(UNKNOWN_LIBRARY, [
    '# After your code has made the LoRA layers, before the optimizer. The names are those of PEFT: replace them by yours.',
  ]),
};

export const generic: Trainer = {
  id: 'generic',
  specificity: 0,
  name: l10n.t('a home-made config'),
  syntaxes: ['yaml', 'json', 'toml'],
  // Beside the word that every text here has: mayHoldLora.
  hint: /alpha/i,
  textNumbers: 'converts',
  interpolates: true,
  isGuess: true,
  commandLine: { isCommonName: true, program: /\.py\b|(?:^| )\w+(?:\.\w+)+(?: |$)/, hint: /\blora[_-]?alpha\b/i },
  layouts: [layout],
};
