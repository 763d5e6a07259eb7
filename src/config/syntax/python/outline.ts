import { bindingsOf, childrenOf, parametersOf } from './bindings';
import { countWhile } from '../search';
import type { Binding, Block, Expression, PythonTree, Scope } from './scope';
import { newTampering, noteTampering, settleTampering, type Tampering } from './tampering';

/** What of a program matters to someone who looks for values: who binds which name where, and who calls what. */
export interface Outline {
  tree: PythonTree;
  module: Scope;
  calls: readonly Expression[];
  /** Calls by the last name of their callee. */
  callsByName: ReadonlyMap<string, readonly Expression[]>;
  /** Dict literals, and calls that make dicts, that stand in no other one. */
  dicts: readonly Expression[];
  functions: readonly Scope[];
  tampering: Tampering;
}

/** Callees that make a dict of their keyword arguments. */
export const DICT_MAKERS: ReadonlySet<string> = new Set(['dict', 'DictDefault', 'OrderedDict', 'ConfigDict', 'Dict']);

const LOOPS: ReadonlySet<string> = new Set(['WhileStatement', 'ForStatement']);
const BRANCHING: ReadonlySet<string> = new Set([...LOOPS, 'IfStatement', 'TryStatement', 'MatchClause']);

/** Walk the tree once, from the top to the end, without recursion. */
export function outlineOf(tree: PythonTree, text: string): Outline {
  const module: Scope = newScope('module', '', null, { from: 0, to: text.length }, null);
  const calls: Expression[] = [];
  const callsByName = new Map<string, Expression[]>();
  const dicts: Expression[] = [];
  const functions: Scope[] = [];
  let scope = module;
  let block: Block | null = null;
  let dictDepth = 0;
  /** What to undo when a node is left, by where it was entered. */
  const exits: { name: string; from: number; to: number; undo: () => void }[] = [];
  const tampering = newTampering();
  const bind = (into: Scope, binding: Omit<Binding, 'block'>): void => {
    const owner = into.globals.has(binding.name)
      ? module
      : into.nonlocals.has(binding.name)
        ? ownerAround(into, binding.name)
        : into;
    const known = owner.bindings.get(binding.name);
    // What a function does to a name that is not its own, it does when it is called.
    const whole: Binding = owner === into ? { ...binding, block } : { ...binding, block: null, isDeferred: true };
    if (known) known.push(whole);
    else owner.bindings.set(binding.name, [whole]);
  };
  const enterScope = (kind: Scope['kind'], definition: Expression | null, range: Place): (() => void) => {
    const [outer, outerBlock] = [scope, block];
    const own = definition?.getChild('VariableName');
    scope = newScope(kind, own ? text.slice(own.from, own.to) : '', definition, range, outer);
    outer.children.push(scope);
    block = null;
    if (kind === 'function') functions.push(scope);
    return () => {
      [scope, block] = [outer, outerBlock];
    };
  };

  tree.iterate({
    enter(cursor) {
      const { name, from, to } = cursor;
      let undo: (() => void) | null = null;
      switch (name) {
        case 'CallExpression': {
          const { node } = cursor;
          noteTampering(text, node, tampering);
          calls.push(node);
          const callee = lastName(text, node.firstChild);
          const named = callsByName.get(callee);
          if (named) named.push(node);
          else callsByName.set(callee, [node]);
          if (DICT_MAKERS.has(callee)) {
            if (dictDepth === 0) dicts.push(node);
            dictDepth += 1;
            undo = () => (dictDepth -= 1);
          }
          break;
        }
        case 'DictionaryExpression':
          if (dictDepth === 0) dicts.push(cursor.node);
          dictDepth += 1;
          undo = () => (dictDepth -= 1);
          break;
        case 'Body': {
          const parent = cursor.node.parent;
          if (parent && mayNotRun(text, parent)) {
            const outer = block;
            block = { from, to, parent: outer, isLoop: LOOPS.has(parent.name) };
            undo = () => (block = outer);
          } else if (parent?.name === 'FunctionDefinition' || parent?.name === 'ClassDefinition') {
            undo = enterScope(parent.name === 'FunctionDefinition' ? 'function' : 'class', parent, { from, to });
            for (const parameter of parametersOf(text, parent)) bind(scope, parameter);
          }
          break;
        }
        case 'LambdaExpression':
          undo = enterScope('expression', null, { from, to });
          for (const parameter of parametersOf(text, cursor.node)) bind(scope, { ...parameter, value: null });
          break;
        case 'ComprehensionExpression':
        case 'ArrayComprehensionExpression':
        case 'DictionaryComprehensionExpression':
        case 'SetComprehensionExpression':
          undo = enterScope('expression', null, { from, to });
          for (const target of bindingsOf(text, cursor.node)) bind(scope, target);
          break;
        case 'ArgList':
          // A generator among the arguments: `sum(p.numel() for p in parameters)`
          if (!cursor.node.getChild('for')) break;
          undo = enterScope('expression', null, { from, to });
          for (const target of bindingsOf(text, cursor.node)) bind(scope, target);
          break;
        case 'ScopeStatement':
          for (const child of cursor.node.getChildren('VariableName')) {
            const into = cursor.node.firstChild?.name === 'nonlocal' ? scope.nonlocals : scope.globals;
            into.add(text.slice(child.from, child.to));
          }
          break;
        case 'NamedExpression':
          // It may not be reached, and leaves the comprehension it stands in.
          for (const binding of bindingsOf(text, cursor.node)) {
            const [around, outer] = [scope, block];
            while (scope.kind === 'expression' && scope.parent) scope = scope.parent;
            block = { from, to, parent: outer, isLoop: false };
            bind(scope, binding);
            [scope, block] = [around, outer];
          }
          break;
        default:
          noteTampering(text, cursor.node, tampering);
          if (isStatement(name)) for (const binding of bindingsOf(text, cursor.node)) bind(scope, binding);
      }
      if (undo) exits.push({ name, from, to, undo });
    },
    leave({ name, from, to }) {
      const last = exits.at(-1);
      if (last?.name !== name || last.from !== from || last.to !== to) return;
      exits.pop();
      last.undo();
    },
  });
  settleTampering(text, module, tampering);
  return { tree, module, calls, callsByName, dicts, functions, tampering };
}

/** The function around `scope` that a `nonlocal` name belongs to. */
function ownerAround(scope: Scope, name: string): Scope {
  const around: Scope[] = [];
  for (let at = scope.parent; at; at = at.parent) if (at.kind === 'function') around.push(at);
  return around.find(({ bindings }) => bindings.has(name)) ?? around[0] ?? scope;
}

type Place = Pick<Scope, 'from' | 'to'>;

function newScope(
  kind: Scope['kind'],
  name: string,
  definition: Expression | null,
  { from, to }: Place,
  parent: Scope | null,
): Scope {
  const names = { bindings: new Map(), globals: new Set<string>(), nonlocals: new Set<string>() };
  return { kind, name, definition, from, to, parent, children: [], ...names };
}

const BINDING: ReadonlySet<string> = new Set([
  'AssignStatement',
  'UpdateStatement',
  'FunctionDefinition',
  'ClassDefinition',
  'ForStatement',
  'WithStatement',
  'ImportStatement',
  'TryStatement',
  'DeleteStatement',
  'CapturePattern',
  'AsPattern',
]);

const isStatement = (name: string): boolean => BINDING.has(name);

/** Whether the body of a statement may not run, or not to its end. */
function mayNotRun(text: string, node: Expression): boolean {
  if (node.name === 'WithStatement')
    return lastName(text, node.getChild('CallExpression')?.firstChild ?? null) === 'suppress';
  return BRANCHING.has(node.name) && !isMainGuard(text, node);
}

/** `if __name__ == "__main__":` is where a script begins, not a branch. */
function isMainGuard(text: string, node: Expression): boolean {
  const [, test] = node.name === 'IfStatement' ? childrenOf(node) : [];
  const [left] = test?.name === 'BinaryExpression' ? childrenOf(test) : [];
  return left !== undefined && text.slice(left.from, left.to) === '__name__';
}

/** `a.b.C` → `C`; empty for what has no name. */
export function lastName(text: string, callee: Expression | null): string {
  const name = callee?.name === 'MemberExpression' ? callee.getChild('PropertyName') : callee;
  return name?.name === 'PropertyName' || name?.name === 'VariableName' ? text.slice(name.from, name.to) : '';
}

/** The innermost scope around an offset. */
export function scopeAt({ module }: Pick<Outline, 'module'>, offset: number): Scope {
  let scope = module;
  for (;;) {
    const inner = childAt(scope.children, offset);
    if (!inner) return scope;
    scope = inner;
  }
}

/** The child around an offset; children stand one behind the other. */
function childAt(children: readonly Scope[], offset: number): Scope | null {
  const found = children[countWhile(children, ({ from }) => from <= offset) - 1];
  return found && offset < found.to ? found : null;
}
