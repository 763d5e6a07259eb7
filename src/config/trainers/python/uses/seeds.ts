import { scopeAt } from '../../../syntax/python/outline';
import type { Program } from '../../../syntax/python/program';
import type { Binding, Expression, Scope } from '../../../syntax/python/scope';
import type { Facts } from './facts';
import type { Thing } from './kinds';
import { isParameter } from './names';
import { ofCallback } from './things';

/** How many levels of functions that call a LoRA-making function are followed. */
const LEVELS = 2;

/** Calls of functions that put LoRA into a model. Each such call counts as the place where LoRA is made. */
export function callersOf(
  lora: readonly Expression[],
  { outline }: Program,
  calledIn: (call: Expression) => { scope: Scope } | null,
): Expression[] {
  const found: Expression[] = [];
  for (let level = 0; level < LEVELS; level += 1) {
    const within = new Set([...lora, ...found].map((call) => scopeAt(outline, call.from)));
    found.push(
      ...outline.calls.filter((call) => {
        const scope = calledIn(call)?.scope;
        return scope !== undefined && within.has(scope) && !lora.includes(call) && !found.includes(call);
      }),
    );
  }
  return found;
}

/** The objects that a Trainer passes to the methods of a callback, by parameter name. */
export function callbackParameters({ bases }: Facts, text: string): { parameter: Binding; things: readonly Thing[] }[] {
  const callbacks = [...bases].filter(([, paths]) => paths.some((path) => /Callback$/.test(path)));
  return callbacks.flatMap(([scope]) =>
    scope.children.flatMap((method) =>
      [...method.bindings].flatMap(([name, [binding]]) =>
        binding && isParameter(binding)
          ? [{ parameter: binding, things: ofCallback(isRest(text, binding) ? 'kwargs' : name) }]
          : [],
      ),
    ),
  );
}

/** Whether a parameter gets all further keyword arguments: `**kw`. */
const isRest = (text: string, { nameRange }: Binding): boolean => text.startsWith('**', nameRange.start - 2);
