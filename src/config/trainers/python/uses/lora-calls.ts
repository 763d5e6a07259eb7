import { argumentsOf } from '../../../syntax/python/names';
import { lastName, scopeAt } from '../../../syntax/python/outline';
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

/** The model that a call puts LoRA into, if it is given as usual. */
export function modelOf(text: string, call: Expression): Expression | null {
  const callee = call.firstChild;
  const name = lastName(text, callee);
  if (name === 'add_adapter') return callee?.name === 'MemberExpression' ? callee.firstChild : null;
  if (name !== 'get_peft_model' && name !== 'inject_adapter_in_model') return null;
  const { positional, keywords } = argumentsOf(text, call);
  const given = keywords.find((keyword) => keyword.name === 'model')?.value;
  return given ?? positional[name === 'get_peft_model' ? 0 : 1] ?? null;
}
