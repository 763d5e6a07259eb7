import type { Unread } from '../../reading';
import type { MapNode, SyntaxNode } from '../../syntax/tree';
import { unread } from '../shared/unknown-keys';
import type { Block } from './blocks';
import { nearby } from './companions';
import { isOn, plainWord } from './words';

/**
 * Keys of programs that train more than A and B, or that start from trained factors; `off` matches values that turn a
 * key off.
 */
const BESIDE: readonly (readonly [words: RegExp, off: RegExp, why: string])[] = [
  [/^(?:lora_)?bias(?:_type)?$/, /^none$/i, 'This may train biases beside A and B.'],
  [/^(?:lora_)?task_type$/, /^(?!.*(?:_CLS|classification|QUESTION_ANS))/i, 'This task may train a head whole.'],
  [
    /(?:^|_)(?:unfreeze|unfrozen)(?:_|$)|^train(?:able)?_(?:embed\w*|lm_head|head|norms?|layer_?norms?|bias\w*|tokens?|token_indices)$/,
    /^none$/i,
    'This may train other weights beside A and B.',
  ],
  [
    /^(?:auto_)?resume(?:_from(?:_\w+)?)?$|^(?:pretrained|initial)_(?:lora|adapter)(?:_\w+)?$|^lora_(?:weights|checkpoint|ckpt)(?:_path)?$|^(?:load|continue)_(?:from_)?(?:lora|adapter)(?:_\w+)?$|^adapter_name_or_path$/,
    /^(?:none|never)$/i,
    'This run may go on from trained factors, which belong to the alpha they were trained at.',
  ],
];

/** Settings of a home-made config that may affect the run, besides the numbers that were read. */
export function besideGuess(root: MapNode, block: Block): Unread[] {
  return nearby(root, block).flatMap(({ entry }) => {
    const word = plainWord(entry.key);
    const found = BESIDE.find(([words, off]) => words.test(word) && isSet(entry.value, off));
    return found ? [unread(entry, found[2])] : [];
  });
}

function isSet(node: SyntaxNode, off: RegExp): boolean {
  if (node.kind === 'scalar') return isOn(node) && node.value !== null && !off.test(String(node.value));
  return node.kind === 'list' ? node.items.length > 0 : node.entries.length > 0;
}
