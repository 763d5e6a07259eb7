import { countWhile } from '../../../recipe/search';
import { addTo } from '../table';
import { bindingsOf, parametersOf, type Binding, type Block, type Unplaced } from './bindings';
import { argumentsOf, callBy, childrenOf, isWalrus, lastName, pairsOf, partName, placeId } from './nodes';
import type { Expression, Place, PythonTree } from './nodes';

export interface Scope extends Place {
  kind: 'module' | 'function' | 'class' | 'expression';
  name: string;
  /** The node that defines a function or a class. */
  definition: Expression | null;
  parent: Scope | null;
  children: Scope[];
  bindings: Map<string, Binding[]>;
  /** Names that belong to the module, or to a function around this one, though they are assigned here. */
  globals: Set<string>;
  nonlocals: Set<string>;
}

/** What of a program matters to someone who looks for values: who binds which name where, and who calls what. */
export interface Outline {
  tree: PythonTree;
  module: Scope;
  /** All scopes, each before those within. */
  scopes: Scope[];
  calls: Expression[];
  /** Calls by the last name of their callee. */
  callsByName: Map<string, Expression[]>;
  /** Dict literals, and calls that make dicts, that stand in no other one. */
  dicts: Expression[];
  variables: Map<string, Expression[]>;
  /** Where a part of an object is named: `.lr`, `["lr"]`, `getattr(x, "lr")`. */
  parts: Map<string, Expression[]>;
  /** The places of names that are bound, and of all parts that are set or deleted: `x.a`, `x[i]`. */
  bound: Set<number>;
  /** Offsets from which `from module import *` may have set any variable. */
  stars: number[];
}

/** Callees that make a dict of their keyword arguments. */
export const DICT_MAKERS: ReadonlySet<string> = new Set(['dict', 'DictDefault', 'OrderedDict', 'ConfigDict', 'Dict']);

const BINDING =
  /^(?:(?:Assign|Update|For|With|Import|Try|Delete)Statement|(?:Function|Class)Definition|(?:Capture|As)Pattern)$/;
const WITHIN = /ComprehensionExpression$|^LambdaExpression$/;
/** Nodes of which an outline notes something: making a node takes longer than all else in a walk. */
const NOTED = new RegExp(
  `${BINDING.source}|${WITHIN.source}|^(?:Call|Dictionary|Named|Member)Expression$|^(?:Body|ArgList|ScopeStatement|VariableName|String)$`,
);

interface Around {
  scope: Scope;
  block: Block | null;
  isInDict: boolean;
}

export function outlineOf(tree: PythonTree, text: string): Outline {
  const module = newScope('module', null, { from: 0, to: text.length }, null, text);
  const outline: Outline = {
    ...{ tree, module, scopes: [module], calls: [], dicts: [], stars: [] },
    ...{ callsByName: new Map(), variables: new Map(), parts: new Map(), bound: new Set() },
  };
  const cursor = tree.cursor();
  // The parser refuses trees that are nested deeper than MAX_DEPTH.
  const walk = (around: Around): void => {
    if (!cursor.firstChild()) return;
    do walk(NOTED.test(cursor.name) ? noted(text, outline, cursor.node, around) : around);
    while (cursor.nextSibling());
    cursor.parent();
  };
  walk({ scope: module, block: null, isInDict: false });
  return outline;
}

/** Notes a node, and gives back what holds within it. */
function noted(text: string, outline: Outline, node: Expression, around: Around): Around {
  const source = text.slice(node.from, node.to);
  const { parent } = node;
  switch (node.name) {
    case 'VariableName':
      // `f(lr=1)` names an argument.
      if (parent?.name !== 'ImportStatement' && !(parent?.name === 'ArgList' && isKeyword(node.nextSibling)))
        addTo(outline.variables, source, node);
      return around;
    case 'String':
      if (parent?.name === 'ArgList') addTo(outline.parts, source.slice(1, -1), node);
      return around;
    case 'MemberExpression':
      addTo(outline.parts, partName(text, node) ?? '', node);
      return around;
    case 'CallExpression': {
      const name = lastName(text, node.firstChild);
      outline.calls.push(node);
      addTo(outline.callsByName, name, node);
      if (name === 'update') noteUpdated(outline, text, node);
      return DICT_MAKERS.has(name) ? inDict(outline, node, around) : around;
    }
    case 'DictionaryExpression':
      return inDict(outline, node, around);
    case 'Body':
      return parent ? inBody(text, outline, node, parent, around) : around;
    case 'ScopeStatement':
      for (const { from, to } of node.getChildren('VariableName')) {
        const { globals, nonlocals } = around.scope;
        (node.firstChild?.name === 'nonlocal' ? nonlocals : globals).add(text.slice(from, to));
      }
      return around;
    case 'ArgList':
    case 'NamedExpression': {
      // `(name := value)`: it may not be reached, and its name leaves the comprehension it stands in.
      let { scope } = around;
      while (scope.kind === 'expression' && scope.parent) scope = scope.parent;
      const block = { from: node.from, to: node.to, parent: around.block };
      if (!node.getChild('for')) bind(outline, bindingsOf(text, node), { scope, block });
      break;
    }
    case 'LambdaExpression': {
      const parameters = parametersOf(text, node).map((parameter) => ({ ...parameter, value: null }));
      return inScope(text, outline, 'expression', null, node, around, parameters);
    }
    case 'ImportStatement':
      if (childrenOf(node).at(-1)?.name === '*') outline.stars.push(node.to);
  }
  // A generator among the arguments: `sum(p.numel() for p in parameters)`
  if (WITHIN.test(node.name) || (node.name === 'ArgList' && node.getChild('for')))
    return inScope(text, outline, 'expression', null, node, around, bindingsOf(text, node));
  if (node.name === 'UpdateStatement') noteUpdated(outline, text, node);
  if (BINDING.test(node.name)) bind(outline, bindingsOf(text, node, outline.bound), around);
  return around;
}

const isKeyword = (mark: Expression | null): boolean => mark?.name === 'AssignOp' && !isWalrus(mark);

/** The keys that `config.update({"lr": 1}, eps=1)` or `config |= {"lr": 1}` sets are parts that are set. */
function noteUpdated({ parts, bound }: Outline, text: string, node: Expression): void {
  const { keywords, positional } = argumentsOf(text, node);
  const dicts = [...positional, ...node.getChildren('DictionaryExpression')];
  const pairs = dicts.flatMap((one) => (one.name === 'DictionaryExpression' ? pairsOf(one) : []));
  const keys = pairs.flatMap((pair) => ('key' in pair ? [pair.key] : []));
  for (const key of [...keywords.map(({ nameNode }) => nameNode), ...keys]) {
    addTo(parts, text.slice(key.from, key.to).replaceAll(/^["']|["']$/g, ''), key);
    bound.add(placeId(key));
  }
}

function inDict({ dicts }: Outline, node: Expression, around: Around): Around {
  if (!around.isInDict) dicts.push(node);
  return { ...around, isInDict: true };
}

/** The body of a function, a class, or of a statement that may not run, or not to its end. */
function inBody(text: string, outline: Outline, body: Expression, parent: Expression, around: Around): Around {
  if (parent.name === 'FunctionDefinition' || parent.name === 'ClassDefinition') {
    const kind = parent.name === 'FunctionDefinition' ? 'function' : 'class';
    // The cells of a marimo notebook are one program.
    const isCell = /^@\w+\.cell\b/.test(text.slice(parent.parent?.from, parent.from)) && text.includes('marimo');
    if (isCell) return around;
    return inScope(text, outline, kind, parent, body, around, parametersOf(text, parent));
  }
  const isBranch = /^(?:If|Try|While|For)Statement$|^MatchClause$/.test(parent.name);
  const test = parent.firstChild?.nextSibling;
  // `if __name__ == "__main__":` is where a script begins, not a branch.
  const isMain = isBranch && test?.name === 'BinaryExpression' && /^__name__\b/.test(text.slice(test.from, test.to));
  const isSuppressed = parent.name === 'WithStatement' && lastName(text, test?.firstChild) === 'suppress';
  if (!isSuppressed && (!isBranch || isMain)) return around;
  return { ...around, block: { from: body.from, to: body.to, parent: around.block } };
}

function inScope(
  text: string,
  outline: Outline,
  kind: Scope['kind'],
  definition: Expression | null,
  place: Place,
  around: Around,
  bindings: readonly Unplaced[],
): Around {
  const scope = newScope(kind, definition, place, around.scope, text);
  around.scope.children.push(scope);
  outline.scopes.push(scope);
  bind(outline, bindings, { scope, block: null });
  return { scope, block: null, isInDict: around.isInDict };
}

function bind(
  outline: Outline,
  bindings: readonly Unplaced[],
  { scope, block }: Pick<Around, 'scope' | 'block'>,
): void {
  for (const binding of bindings) {
    const { name, nameRange } = binding;
    const outer = scope.nonlocals.has(name) ? ownerAround(scope, name) : scope;
    const owner = scope.globals.has(name) ? outline.module : outer;
    // A function sets a name of an outer scope whenever the function is called.
    const whole: Binding = owner === scope ? { ...binding, block } : { ...binding, block: null, isDeferred: true };
    addTo(owner.bindings, name, whole);
    outline.bound.add(placeId({ from: nameRange.start, to: nameRange.end }));
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
  definition: Expression | null,
  { from, to }: Place,
  parent: Scope | null,
  text: string,
): Scope {
  const name = lastName(text, definition?.getChild('VariableName') ?? null);
  const names = { bindings: new Map(), globals: new Set<string>(), nonlocals: new Set<string>() };
  return { kind, name, definition, from, to, parent, children: [], ...names };
}

/** The innermost scope around an offset. */
export function scopeAt({ module }: Pick<Outline, 'module'>, offset: number): Scope {
  let scope = module;
  for (;;) {
    // The children of a scope stand one behind the other.
    const inner: Scope | undefined = scope.children[countWhile(scope.children, ({ from }) => from <= offset) - 1];
    if (!inner || offset >= inner.to) return scope;
    scope = inner;
  }
}

/** The parameters of a function that arguments of a call stand for, in their order: a method's without `self`. */
export function ownParameters({ bindings }: Scope): Binding[] {
  const parameters = [...bindings.values()].flatMap(([first]) => (first?.kind === 'parameter' ? [first] : []));
  return parameters[0]?.name === 'self' || parameters[0]?.name === 'cls' ? parameters.slice(1) : parameters;
}

/** Starters of a program, which call a function with what its command line says. */
const STARTERS = /^(?:Fire|cli|run|main|CLI|auto_cli)$/;

/** The test that a scope belongs to: each test runs on its own. */
export const testAround = (scope: Scope | null): Scope | null =>
  scope && !(scope.kind === 'function' && /^test_/.test(scope.name)) ? testAround(scope.parent) : scope;

/** Whether a function or method is passed on to code that may call it: `partial(train, lr=1)`. */
export function isHandedOn(text: string, { variables, parts, bound }: Outline, name: string): boolean {
  return [...(variables.get(name) ?? []), ...(parts.get(name) ?? [])].some((node) => {
    const isName = node.name === 'VariableName' || node.lastChild?.name === 'PropertyName';
    if (!isName || bound.has(placeId(node)) || callBy(node) || !node.parent || node.parent.name === 'MemberExpression')
      return false;
    const callee = node.parent.name === 'ArgList' ? node.parent.parent?.firstChild : null;
    return !STARTERS.test(lastName(text, callee));
  });
}
