import { argumentsOf } from '../../../../syntax/python/names';
import { lastName, scopeAt } from '../../../../syntax/python/outline';
import type { Program } from '../../../../syntax/python/program';
import type { Expression, Scope } from '../../../../syntax/python/scope';
import { MAKES_LORA_MODEL, type Thing } from './kinds';
import { mapped } from './things';

/** Tells from where in the text on a model has LoRA, under any name. */
export class LoraModels {
  /** Calls after which a model has LoRA. */
  readonly calls: readonly Expression[];
  /** Where the first of these calls of a scope ends. */
  private readonly first = new Map<Scope, number>();
  /** Models that such a call is given, by where they are made. */
  private readonly adapted = new Set<number>();

  constructor(
    private readonly program: Program,
    calledIn: (call: Expression) => Scope | null,
  ) {
    this.calls = loraCalls(program, calledIn);
    for (const { from, to } of this.calls) {
      const scope = scopeAt(program.outline, from);
      this.first.set(scope, Math.min(to, this.first.get(scope) ?? Infinity));
    }
  }

  /** Notes the models that a call is given; whether one of them is new. */
  add(things: readonly Thing[]): boolean {
    const before = this.adapted.size;
    for (const { kind, made } of things) if (kind === 'base' || kind === 'model') this.adapted.add(made);
    return this.adapted.size > before;
  }

  /** What an expression holds, where a model may have LoRA by now. */
  behind(expression: Expression, things: readonly Thing[]): readonly Thing[] {
    if (!things.some(({ kind }) => kind === 'base')) return things;
    const first = this.first.get(scopeAt(this.program.outline, expression.from));
    if (first !== undefined && first > expression.from) return things;
    const isAdapted = (made: number): boolean =>
      made < 0 || this.adapted.size === 0 || this.adapted.has(-1) || this.adapted.has(made);
    return mapped(things, ({ kind, made }) => (kind === 'base' && isAdapted(made) ? 'model' : kind));
  }
}

/** Calls that put LoRA into a model, and calls of the functions that do. */
function loraCalls({ outline, path }: Program, calledIn: (call: Expression) => Scope | null): readonly Expression[] {
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
