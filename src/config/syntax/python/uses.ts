import { placeId } from './by-place';
import { meaningOf } from './names';
import type { Outline } from './outline';
import type { Binding, Expression, Scope } from './scope';
import { isShown } from './shown';

/** Uses of one name. */
interface Meanings {
  /** By where the assignment writes the name. */
  bound: ReadonlyMap<number, readonly number[]>;
  /** Uses whose value depends on the run. */
  open: readonly number[];
}

/** Finds the places that use a variable. A place that only shows the value, in print or in a run's name, does not count. */
export class Uses {
  private variables: ReadonlyMap<string, readonly Expression[]> | null = null;
  private readonly isReflecting: boolean;
  /** The uses of each name, apart by what the name means there. */
  private readonly meanings = new Map<string, Meanings>();
  /** Results by assignment, because every read of a name asks again. */
  private readonly results = new Map<number, readonly number[]>();

  constructor(
    private readonly text: string,
    private readonly outline: Outline,
  ) {
    this.isReflecting = isReflecting(outline);
  }

  /** The places that use a variable's value; null if unknown. */
  ofVariable({ name, nameRange: { start } }: Binding): readonly number[] | null {
    if (this.isReflecting) return null;
    const known = this.results.get(start);
    if (known) return known;
    const { bound, open } = this.meaningsOf(name);
    const places = [...(bound.get(start) ?? []), ...open];
    this.results.set(start, places);
    return places;
  }

  private meaningsOf(name: string): Meanings {
    const known = this.meanings.get(name);
    if (known) return known;
    const bound = new Map<number, number[]>();
    const open: number[] = [];
    this.variables ??= variablesIn(this.text, this.outline);
    for (const node of this.variables.get(name) ?? []) {
      const meaning = isShown(this.text, node) ? null : meaningOf(this.outline, name, node.from);
      if (meaning?.kind === 'open') open.push(node.from);
      if (meaning?.kind !== 'bound') continue;
      const { start } = meaning.binding.nameRange;
      bound
        .set(start, bound.get(start) ?? [])
        .get(start)
        ?.push(node.from);
    }
    this.meanings.set(name, { bound, open });
    return { bound, open };
  }
}

/** Whether code takes variables by names which are texts: `globals()["lr"]`. */
function isReflecting({ callsByName }: Outline): boolean {
  const calls = (name: string): readonly Expression[] => callsByName.get(name) ?? [];
  const isDict = (call: Expression): boolean => call.getChild('ArgList')?.firstChild?.nextSibling?.name === ')';
  return (
    ['globals', 'locals', 'exec', 'eval']
      .flatMap(calls)
      .some(({ firstChild }) => firstChild?.name === 'VariableName') || calls('vars').some(isDict)
  );
}

/** Where each name stands for its value: not where it gets one, nor where it names an argument. */
function variablesIn(text: string, { tree, module }: Outline): ReadonlyMap<string, readonly Expression[]> {
  const targets = targetsIn(module);
  const variables = new Map<string, Expression[]>();
  tree.iterate({
    enter(at) {
      if (at.name !== 'VariableName') return;
      const { node } = at;
      const isKeyword = node.parent?.name === 'ArgList' && node.nextSibling?.name === 'AssignOp';
      if (isKeyword || targets.has(placeId(node))) return;
      const name = text.slice(node.from, node.to);
      variables
        .set(name, variables.get(name) ?? [])
        .get(name)
        ?.push(node);
    },
  });
  return variables;
}

/** Where names get a value, and none is taken. */
function targetsIn(module: Scope): ReadonlySet<number> {
  const found = new Set<number>();
  const scopes = [module];
  for (let scope = scopes.pop(); scope; scope = scopes.pop()) {
    for (const { nameRange } of [...scope.bindings.values()].flat())
      found.add(placeId({ from: nameRange.start, to: nameRange.end }));
    scopes.push(...scope.children);
  }
  return found;
}
