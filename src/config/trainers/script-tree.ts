import type { MapNode, ScalarNode } from '../syntax/tree';

/** PEFT's config of a LoRA. */
export const LORA_CONFIG = /(?:^|\.)LoraConfig$/;

/** Whether the tree is a whole Python program. */
export function isModule(root: MapNode): boolean {
  return root.callee === 'module';
}

/** Whether a map is the arguments of a call of one of these. */
export function calleeIs({ callee }: MapNode, pattern: RegExp): boolean {
  return callee !== undefined && pattern.test(callee);
}

/** A word that the code says in its own way, such as the class that is called. */
export function bareNode(value: string, range: { start: number; end: number }): ScalarNode {
  return {
    kind: 'scalar',
    range,
    inner: range,
    raw: value,
    value,
    quoted: false,
    lock: { code: 'expression', message: 'This is a class, not a value.' },
  };
}
