import { type Library } from '../../init-code/library';
import { divideLines } from '../../init-code/divide';
import { GENERIC_NAMES } from './optimizers';
import { nodeAt, type MapNode } from '../../syntax/tree';
import { blocksIn, type Block } from './blocks';
import { mayBeGuessed } from './commands';
import { companionsOf } from './companions';
import { guessOf, labelOf } from './reading';
import { isReport } from './use';
import { marked, markOf } from '../shared/marked';
import type { Layout, Run, Trainer } from '../trainer';

/**
 * A config of nobody's: most such scripts have PEFT's names, some without adapters.
 * @see https://github.com/huggingface/peft/blob/main/src/peft/tuners/lora/layer.py
 */
export const UNKNOWN_LIBRARY: Library = {
  A: ['lora_A', 'lora_embedding_A'],
  B: ['lora_B', 'lora_embedding_B'],
  arrays: 'torch',
};

/**
 * Configs that people made for code of their own. A block with a rank and an alpha that is about LoRA beyond doubt is read,
 * and what stands near it by words that everybody uses; what was taken for what is a finding, and nothing is written
 * without a question.
 */
const layout: Layout = {
  id: 'generic',
  recognise: (root) => markOf(root) !== null,
  inFile: (root) => ({ ...layout, ...guessOf(root, groupsIn(root)[Number(markOf(root))] ?? []) }),
  fields: {},
  optimizers: GENERIC_NAMES,
  traps: [],
  initCode: (start) =>
    [
      '# Where your code has made the LoRA layers and no optimizer yet. The names are those of PEFT: put yours in their place.',
      ...divideLines(UNKNOWN_LIBRARY, start),
      '',
    ].join('\n'),
};

/** Blocks that share a learning rate are networks of one run: their alphas can only move together. */
function groupsIn(root: MapNode): readonly (readonly Block[])[] {
  const groups = new Map<number | null, Block[]>();
  for (const block of blocksIn(root)) {
    const rate = companionsOf(root, block).find(({ wanted }) => wanted.field === 'learningRate')?.found ?? [];
    const at = rate.length === 1 ? (rate[0]?.entry.value.range.start ?? null) : null;
    groups.set(at, [...(groups.get(at) ?? []), block]);
  }
  return [...groups.values()];
}

/** A key of LLaMA-Factory's files. What its own reader leaves of them evaluates, exports, or trains without LoRA. */
const OF_LLAMAFACTORY = 'finetuning_type';

function runsOf(root: MapNode): readonly Run[] {
  if (nodeAt(root, [OF_LLAMAFACTORY]) || !mayBeGuessed(root) || isReport(root)) return [];
  return groupsIn(root).map(([first], i) => ({
    root: marked(root, String(i)),
    ...(first && !root.command ? { name: labelOf(first) } : {}),
  }));
}

export const generic: Trainer = {
  id: 'generic',
  specificity: 0,
  name: 'a home-made config',
  syntaxes: ['yaml', 'json', 'toml'],
  // Beside the word that every text here has: mayHoldLora.
  hint: /alpha/i,
  textNumbers: 'converts',
  interpolates: true,
  isGuess: true,
  runs: runsOf,
  commandLine: { isCommonName: true, program: /\.py\b|(?:^| )\w+(?:\.\w+)+(?: |$)/, hint: /\blora[_-]?alpha\b/i },
  layouts: [layout],
};
