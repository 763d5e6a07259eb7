import { scopeAt } from '../../../syntax/python/outline';
import type { Program } from '../../../syntax/python/program';
import type { Expression, Scope } from '../../../syntax/python/scope';
import { MAKES_LORA_MODEL } from './kinds';

/** Calls that put LoRA into a model, and calls of the functions that do. */
export function loraCalls(
  { outline, path }: Program,
  calledIn: (call: Expression) => Scope | null,
): readonly Expression[] {
  const found = outline.calls.filter(({ firstChild }) => firstChild && MAKES_LORA_MODEL.test(path(firstChild)));
  // If a Trainer adds LoRA, the call of LoraConfig is the last call that surely comes before.
  if (found.length === 0) found.push(...(outline.callsByName.get('LoraConfig') ?? []));
  for (let before = 0; before < found.length;) {
    before = found.length;
    const makers = new Set(found.map(({ from }) => scopeAt(outline, from)));
    for (const call of outline.calls) {
      const called = calledIn(call);
      if (called && makers.has(called) && !found.includes(call)) found.push(call);
    }
  }
  return found;
}
