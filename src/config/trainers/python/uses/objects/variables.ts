import { memberName } from '../../../../syntax/python/bindings';
import { byPlace } from '../../../../syntax/python/by-place';
import { ownerOf } from '../../../../syntax/python/names';
import { scopeAt } from '../../../../syntax/python/outline';
import type { Program } from '../../../../syntax/python/program';
import { ownParameters, type Binding, type Expression, type Scope } from '../../../../syntax/python/scope';
import { bindingsBehind } from './bindings-behind';
import type { Thing } from './kinds';

/** A variable: its name, and the scope it belongs to. `self.model` belongs to the class. */
export interface ScopedName {
  name: string;
  scope: Scope;
}

/** An object that a variable may hold, and where the assignment ends that gives it. */
interface Held extends Thing {
  since: number;
}

/** A variable's objects beyond this number get `made: -1` (unknown call), so their uses concern every run. */
const MOST_OBJECTS = 20;

/** The variables of a program, and what each may hold. */
export class Variables {
  private readonly known = new Map<Scope, Map<string, Held[]>>();
  private readonly said = new Map<Scope, Map<string, boolean>>();
  /** Whether anything was added; set back by who asks. */
  isNew = true;

  readonly of: (node: Expression) => ScopedName | null;

  constructor(
    private readonly program: Program,
    private readonly definitionOf: (callee: Expression) => Scope | null,
  ) {
    this.of = byPlace(program.text.length, (node) => this.variableAt(node));
  }

  private variableAt(node: Expression): ScopedName | null {
    const name = memberName(this.program.text, node);
    if (name === null) return null;
    const own = scopeAt(this.program.outline, node.from);
    const scope = name.startsWith('self.') ? classAround(own) : ownerOf(this.program.outline, name, node.from);
    return { name, scope: scope ?? this.program.outline.module };
  }

  /** `stage.model` of an object that a class of this text makes: what its methods know as `self.model`. */
  ofObject(member: Expression): ScopedName | null {
    const { text } = this.program;
    const object = member.firstChild;
    const part = member.getChild('PropertyName');
    if (!object || !part) return null;
    const makers =
      object.name === 'VariableName'
        ? (bindingsBehind(this.program, object) ?? []).slice(0, MOST_OBJECTS).flatMap(({ value }) => value ?? [])
        : [object];
    for (const { name, firstChild: callee } of makers) {
      const scope = name === 'CallExpression' && callee ? this.definitionOf(callee) : null;
      if (scope?.kind === 'class') return { name: `self.${text.slice(part.from, part.to)}`, scope };
    }
    return null;
  }

  /** What a variable may hold from the assignments that end before an offset. */
  held({ scope, name }: ScopedName, offset: number): readonly Thing[] {
    return (this.known.get(scope)?.get(name) ?? []).filter(({ since }) => since <= offset);
  }

  /** Whether a binding says what a variable is: `base_model: str = None` is no model. Remembered, as names come often. */
  isSaid({ scope, name }: ScopedName): boolean {
    const names = this.said.get(scope) ?? new Map<string, boolean>();
    const scopes = name.startsWith('self.') ? scope.children : [scope];
    const answer = names.get(name) ?? scopes.some((each) => (each.bindings.get(name) ?? []).some(isSaid));
    this.said.set(scope, names.set(name, answer));
    return answer;
  }

  add(variable: ScopedName | null, things: readonly Thing[], since: number): void {
    if (!variable || things.length === 0) return;
    // A method knows what the class's body assigns as its own.
    if (variable.scope.kind === 'class' && !variable.name.startsWith('self.'))
      this.add({ ...variable, name: `self.${variable.name}` }, things, 0);
    const names = this.known.get(variable.scope) ?? new Map<string, Held[]>();
    const before = names.get(variable.name) ?? [];
    const known = before.length < MOST_OBJECTS ? things : things.map((thing) => ({ ...thing, made: -1 }));
    const more = known.filter(({ kind, made }) => !before.some((thing) => thing.kind === kind && thing.made === made));
    if (more.length === 0) return;
    this.isNew = true;
    this.known.set(
      variable.scope,
      names.set(variable.name, [...before, ...more.map((thing) => ({ ...thing, since }))]),
    );
  }
}

function isSaid({ kind, value }: Binding): boolean {
  if (kind === 'import' || kind === 'class' || kind === 'function') return true;
  return value !== null && value.name !== 'CallExpression' && value.name !== 'AwaitExpression';
}

/** Whether code runs again in the same function. */
export function isInLoop(node: Expression): boolean {
  for (let around = node.parent; around && around.name !== 'FunctionDefinition'; around = around.parent) {
    if (around.name === 'ForStatement' || around.name === 'WhileStatement') return true;
  }
  return false;
}

/** The class that a method belongs to, or the class itself. */
export function classAround(scope: Scope): Scope | null {
  let around: Scope | null = scope;
  while (around && around.kind !== 'class') around = around.parent;
  return around;
}

/** Whether a name is the first parameter of a callback's `on_log`: the Trainer gives it the training arguments. */
export const isFirstOf = (scope: Scope, name: string): boolean =>
  scope.name.startsWith('on_') && ownParameters(scope)[0]?.name === name;
