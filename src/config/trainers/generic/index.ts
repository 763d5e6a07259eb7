import * as l10n from '@vscode/l10n';
import { divideLines } from '../../init-code/divide';
import type { Library } from '../../init-code/library';
import type { Layout, Trainer } from '../trainer';
import { blockOf } from './block';
import { guessOf } from './guess';
import { GENERIC_NAMES } from './optimizers';

/**
 * The library of home-made code: most of it has PEFT's names, some without adapters.
 * @see https://github.com/huggingface/peft/blob/main/src/peft/tuners/lora/layer.py
 */
export const UNKNOWN_LIBRARY: Library = {
  A: ['lora_A', 'lora_embedding_A'],
  B: ['lora_B', 'lora_embedding_B'],
  arrays: 'torch',
};

const NOTE =
  '# After your code has made the LoRA layers, before the optimizer. The names are those of PEFT: replace them by yours.';

/** A block with a rank and an alpha that can only be LoRA's, and settings near it with common names. */
const layout: Layout = {
  id: 'generic',
  recognise: (root) => blockOf(root) !== null,
  inFile: (root) => ({ ...layout, ...guessOf(root) }),
  fields: {},
  optimizers: GENERIC_NAMES,
  traps: [],
  initCode: (start) => [NOTE, ...divideLines(UNKNOWN_LIBRARY, start), ''].join('\n'),
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
