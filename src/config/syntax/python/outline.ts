import { bindingsOf, childrenOf, parametersOf } from './bindings';
import { countWhile } from '../search';
import type { Place } from './by-place';
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
  const outliner = new Outliner(text);
  /** What to undo when a node is left. */
  const exits: { node: Expression; undo: () => void }[] = [];
  tree.iterate({
    enter(at) {
      // Making a node takes longer than all else here, and most nodes are brackets, commas and literals.
      if (!NOTED.has(at.name)) return;
      const { node } = at;
      const undo = outliner.enter(node);
      if (undo) exits.push({ node, undo });
    },
    leave({ name, from, to }) {
      const last = exits.at(-1);
      if (last?.node.name !== name || last.node.from !== from || last.node.to !== to) return;
      exits.pop();
      last.undo();
    },
  });
  settleTampering(text, outliner.module, outliner.tampering);
  const { module, calls, callsByName, dicts, functions, tampering } = outliner;
  return { tree, module, calls, callsByName, dicts, functions, tampering };
}

/** What a walk has found so far, and where it stands. */
class Outliner {
  readonly module: Scope;
  readonly calls: Expression[] = [];
  readonly callsByName = new Map<string, Expression[]>();
  readonly dicts: Expression[] = [];
  readonly functions: Scope[] = [];
  readonly tampering = newTampering();
  private scope: Scope;
  private block: Block | null = null;
  private dictDepth = 0;

  constructor(private readonly text: string) {
    this.module = newScope('module', '', null, { from: 0, to: text.length }, null);
    this.scope = this.module;
  }

  /** Notes a node; what it gives back undoes what holds only within the node. */
  enter(node: Expression): (() => void) | null {
    switch (node.name) {
      case 'CallExpression':
        return this.call(node);
      case 'DictionaryExpression':
        return this.dict(node);
      case 'Body':
        return this.body(node);
      case 'LambdaExpression':
        return this.within(
          node,
          parametersOf(this.text, node).map((parameter) => ({ ...parameter, value: null })),
        );
      case 'ComprehensionExpression':
      case 'ArrayComprehensionExpression':
      case 'DictionaryComprehensionExpression':
      case 'SetComprehensionExpression':
        return this.within(node, bindingsOf(this.text, node));
      case 'ArgList':
        // A generator among the arguments: `sum(p.numel() for p in parameters)`
        return node.getChild('for') ? this.within(node, bindingsOf(this.text, node)) : null;
      case 'ScopeStatement':
        for (const child of node.getChildren('VariableName')) {
          const into = node.firstChild?.name === 'nonlocal' ? this.scope.nonlocals : this.scope.globals;
          into.add(this.text.slice(child.from, child.to));
        }
        return null;
      case 'NamedExpression':
        this.walrus(node);
        return null;
      default:
        noteTampering(this.text, node, this.tampering);
        if (BINDING.includes(node.name)) for (const binding of bindingsOf(this.text, node)) this.bind(binding);
        return null;
    }
  }

  private call(node: Expression): (() => void) | null {
    noteTampering(this.text, node, this.tampering);
    this.calls.push(node);
    const callee = lastName(this.text, node.firstChild);
    const named = this.callsByName.get(callee);
    if (named) named.push(node);
    else this.callsByName.set(callee, [node]);
    return DICT_MAKERS.has(callee) ? this.dict(node) : null;
  }

  private dict(node: Expression): () => void {
    if (this.dictDepth === 0) this.dicts.push(node);
    this.dictDepth += 1;
    return () => (this.dictDepth -= 1);
  }

  private body(node: Expression): (() => void) | null {
    const { parent, from, to } = node;
    if (parent && mayNotRun(this.text, parent)) {
      const outer = this.block;
      this.block = { from, to, parent: outer, isLoop: LOOPS.has(parent.name) };
      return () => (this.block = outer);
    }
    if (parent?.name !== 'FunctionDefinition' && parent?.name !== 'ClassDefinition') return null;
    const kind = parent.name === 'FunctionDefinition' ? 'function' : 'class';
    const undo = this.enterScope(kind, parent, node);
    for (const parameter of parametersOf(this.text, parent)) this.bind(parameter);
    return undo;
  }

  /** The scope of a comprehension, a generator or a lambda. */
  private within(node: Expression, bindings: readonly Omit<Binding, 'block'>[]): () => void {
    const undo = this.enterScope('expression', null, node);
    for (const binding of bindings) this.bind(binding);
    return undo;
  }

  /** `(name := value)`: it may not be reached, and its name leaves the comprehension it stands in. */
  private walrus(node: Expression): void {
    const [scope, block] = [this.scope, this.block];
    while (this.scope.kind === 'expression' && this.scope.parent) this.scope = this.scope.parent;
    this.block = { from: node.from, to: node.to, parent: block, isLoop: false };
    for (const binding of bindingsOf(this.text, node)) this.bind(binding);
    [this.scope, this.block] = [scope, block];
  }

  private bind(binding: Omit<Binding, 'block'>): void {
    const { scope, block } = this;
    const isGlobal = scope.globals.has(binding.name);
    const outer = scope.nonlocals.has(binding.name) ? ownerAround(scope, binding.name) : scope;
    const owner = isGlobal ? this.module : outer;
    const known = owner.bindings.get(binding.name);
    // A function sets a name of an outer scope whenever the function is called.
    const whole: Binding = owner === scope ? { ...binding, block } : { ...binding, block: null, isDeferred: true };
    if (known) known.push(whole);
    else owner.bindings.set(binding.name, [whole]);
  }

  private enterScope(kind: Scope['kind'], definition: Expression | null, place: Place): () => void {
    const [outer, block] = [this.scope, this.block];
    const own = definition?.getChild('VariableName');
    const scope = newScope(kind, own ? this.text.slice(own.from, own.to) : '', definition, place, outer);
    outer.children.push(scope);
    if (kind === 'function') this.functions.push(scope);
    [this.scope, this.block] = [scope, null];
    return () => {
      [this.scope, this.block] = [outer, block];
    };
  }
}

/** The function around `scope` that a `nonlocal` name belongs to. */
function ownerAround(scope: Scope, name: string): Scope {
  const around: Scope[] = [];
  for (let at = scope.parent; at; at = at.parent) if (at.kind === 'function') around.push(at);
  return around.find(({ bindings }) => bindings.has(name)) ?? around[0] ?? scope;
}

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

/** Statements that give values to names. */
const BINDING: readonly string[] = [
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
];

/** The nodes of which an outline notes something. */
const NOTED: ReadonlySet<string> = new Set([
  ...BINDING,
  ...['ComprehensionExpression', 'ArrayComprehensionExpression'],
  ...['DictionaryComprehensionExpression', 'SetComprehensionExpression'],
  ...['CallExpression', 'DictionaryExpression', 'Body', 'LambdaExpression', 'ArgList', 'ScopeStatement'],
  ...['NamedExpression', 'MemberExpression', 'VariableName'],
]);

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
