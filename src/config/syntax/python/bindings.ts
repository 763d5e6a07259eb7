import { stringToken } from './literals';
import type { Binding, Expression, PythonTree } from './scope';

type Unplaced = Omit<Binding, 'block'>;

/** The names that a statement or a comprehension binds, in the order of the source. */
export function bindingsOf(text: string, node: Expression): Unplaced[] {
  switch (node.name) {
    case 'AssignStatement':
      return assigned(text, node);
    case 'UpdateStatement':
    case 'NamedExpression':
    case 'CapturePattern':
      return targets(text, node, node.firstChild ? [node.firstChild] : []);
    case 'AsPattern':
      return targets(text, node, node.lastChild ? [node.lastChild] : []);
    case 'FunctionDefinition':
    case 'ClassDefinition': {
      const name = node.getChild('VariableName');
      const kind = node.name === 'ClassDefinition' ? 'class' : 'function';
      return name ? [{ ...simple(text, node, name), kind, value: node }] : [];
    }
    case 'ImportStatement':
      return imported(text, node);
    case 'WithStatement':
    case 'TryStatement':
      return childrenOf(node).flatMap((child) => {
        const target = child.name === 'as' ? child.nextSibling : null;
        return target ? targets(text, target, [target]) : [];
      });
    case 'DeleteStatement':
      return targets(text, node, childrenOf(node).slice(1));
    case 'ForStatement':
      return looped(text, node);
    default:
      // In a comprehension the name is used before it is bound.
      return looped(text, node).map((binding) => ({ ...binding, from: node.from, to: node.from }));
  }
}

/** A function's parameters, each with its default. */
export function parametersOf(text: string, node: Expression): Unplaced[] {
  const list = node.getChild('ParamList');
  const found: Unplaced[] = [];
  let isStarred = false;
  for (let child = list?.firstChild ?? null; child; child = child.nextSibling) {
    if (child.name === '*' || child.name === '**') isStarred = true;
    else if (child.name === ',') isStarred = false;
    else if (child.name === 'VariableName') {
      found.push({ ...simple(text, child, child), kind: isStarred ? 'other' : 'parameter', value: null });
      isStarred = false;
    } else if (child.name === 'AssignOp') {
      const last = found.at(-1);
      if (last && child.nextSibling) found[found.length - 1] = { ...last, value: child.nextSibling };
      // Skip the default: it may be a name, but it is not a parameter.
      if (child.nextSibling) child = child.nextSibling;
    }
  }
  return found;
}

/** `a = b = value`, `a, b = 1, 2`, `args.lr = value`. */
function assigned(text: string, node: Expression): Unplaced[] {
  const all = assignmentsAt(node);
  // `rate: float`
  if (all.length === 0) return targets(text, node, elementsOf(node));
  return all.flatMap(({ targets: group, value }): Unplaced[] => {
    const [only] = group;
    const names = group.length === 1 && only ? itemsOf(only) : group;
    if (!names) return targets(text, node, group, value);
    const items = itemsOf(value);
    const isPaired = items?.length === names.length && !(only?.getChild('*') ?? node.getChild('*'));
    return names.flatMap((name, i) => targets(text, node, [name], isPaired ? (items?.[i] ?? null) : null));
  });
}

/** `for a, b in values`, in a statement or a comprehension. */
function looped(text: string, node: Expression): Unplaced[] {
  return assignmentsAt(node).flatMap((loop) => loop.targets.flatMap((target) => targets(text, target, [target])));
}

function targets(
  text: string,
  statement: Expression,
  nodes: readonly Expression[],
  value: Expression | null = null,
): Unplaced[] {
  return nodes.flatMap((node): Unplaced[] => {
    const items = itemsOf(node);
    if (items) return items.flatMap((item) => targets(text, statement, [item]));
    if (node.name === 'VariableName') {
      return [{ ...simple(text, statement, node), kind: value ? 'assigned' : 'other', value }];
    }
    const name = node.name === 'MemberExpression' ? memberName(text, node) : null;
    if (name === null) return [];
    const nameRange = { start: node.from, end: node.to };
    return [{ name, kind: value ? 'assigned' : 'other', from: statement.from, to: statement.to, nameRange, value }];
  });
}

/** Longer names are not followed: a chain of members has a name at each of them. */
const MOST_PARTS = 16;

/** `args.lr` and `config['lr']` in one spelling; null for a part that is chosen at run time. */
export function memberName(text: string, node: Expression, most = MOST_PARTS): string | null {
  if (node.name === 'VariableName') return text.slice(node.from, node.to);
  if (most === 0) return null;
  const object =
    node.name === 'MemberExpression' && node.firstChild ? memberName(text, node.firstChild, most - 1) : null;
  const part = object === null ? null : partName(text, node);
  if (object === null || part === null) return null;
  return node.getChild('PropertyName') ? `${object}.${part}` : `${object}['${part}']`;
}

/** The part of an object that a member names: `lr` of `args.lr` and of `config["lr"]`; null for a computed one. */
export function partName(text: string, member: Expression): string | null {
  const part = member.lastChild?.name === 'PropertyName' ? member.lastChild : itemOf(member);
  if (!part) return null;
  const source = text.slice(part.from, part.to);
  return part.name === 'String' ? (stringToken(source)?.value ?? null) : source;
}

/** The literal between the brackets of `config["lr"]` or `items[0]`. */
function itemOf(member: Expression): Expression | null {
  const [, , item, end] = childrenOf(member);
  return end?.name === ']' && (item?.name === 'String' || item?.name === 'Number') ? item : null;
}

function imported(text: string, node: Expression): Unplaced[] {
  const source = text.slice(node.from, node.to);
  const from = /^from\s+([\w.]+)\s+import/.exec(source)?.[1];
  const found: Unplaced[] = [];
  // The dotted name that is being read, and whether the `import` of a `from` has been passed.
  let path: string[] = [];
  let isBehind = from === undefined;
  const flush = (last: Expression | null, alias: boolean): void => {
    if (!last || path.length === 0) return;
    const name = alias ? text.slice(last.from, last.to) : (path[0] ?? '');
    const whole = from === undefined ? (alias ? path.join('.') : (path[0] ?? '')) : `${from}.${path.join('.')}`;
    found.push({ ...simple(text, node, last), name, kind: 'import', value: null, path: whole });
    path = [];
  };
  let last: Expression | null = null;
  let isAlias = false;
  for (const child of childrenOf(node)) {
    if (!isBehind) isBehind = child.name === 'import';
    else if (child.name === 'VariableName') {
      if (!isAlias) path.push(text.slice(child.from, child.to));
      last = child;
    } else if (child.name === 'as') isAlias = true;
    else if (child.name === ',') {
      flush(last, isAlias);
      isAlias = false;
    }
  }
  flush(last, isAlias);
  return found;
}

export function childrenOf(node: Expression): Expression[] {
  const children: Expression[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'Comment') children.push(child);
  }
  return children;
}

function simple(text: string, statement: Expression, name: Expression): Omit<Unplaced, 'kind' | 'value'> {
  return {
    name: text.slice(name.from, name.to),
    from: statement.from,
    to: statement.to,
    nameRange: { start: name.from, end: name.to },
  };
}

/** Something that gives values to names: an assignment, a loop, a `with`. */
export interface Assignment {
  targets: readonly Expression[];
  value: Expression;
  /** Whether the targets get the items of the value one after another. */
  isItem: boolean;
}

/** Every place of a program that gives values to names. */
export function assignmentsIn(tree: PythonTree): Assignment[] {
  const found: Assignment[] = [];
  // Only nodes of these names are made: the walk passes each bracket and comma too.
  tree.iterate({ enter: (at) => void (ASSIGNING.test(at.name) && found.push(...assignmentsAt(at.node))) });
  return found;
}

const LOOPING = /^ForStatement$|Comprehension|^ArgList$/;
const ASSIGNING = new RegExp(`^(?:AssignStatement|UpdateStatement|NamedExpression|WithStatement)$|${LOOPING.source}`);

function assignmentsAt(node: Expression): Assignment[] {
  switch (node.name) {
    case 'AssignStatement':
    case 'NamedExpression':
      return plainAssignments(node);
    case 'UpdateStatement':
      return node.firstChild && node.lastChild
        ? [{ targets: [node.firstChild], value: node.lastChild, isItem: false }]
        : [];
    case 'WithStatement':
      return node.getChildren('as').flatMap(({ prevSibling: value, nextSibling: target }) => {
        return value && target ? [{ targets: [target], value, isItem: false }] : [];
      });
    default:
      return LOOPING.test(node.name) ? loops(node) : [];
  }
}

/** `a = b = value`, `a, b = 1, 2` */
function plainAssignments(node: Expression): Assignment[] {
  const groups: Expression[][] = [[]];
  for (const child of childrenOf(node)) {
    if (child.name === 'AssignOp') groups.push([]);
    else if (isObject(child.name)) groups.at(-1)?.push(child);
  }
  const values = groups.length > 1 ? (groups.pop() ?? []) : [];
  const [value] = values;
  if (value && values.length === 1) return groups.map((targets) => ({ targets, value, isItem: false }));
  return groups.flatMap((targets) =>
    targets.flatMap((target, i) => {
      const own = values[i];
      return own ? [{ targets: [target], value: own, isItem: false }] : [];
    }),
  );
}

/** `for a, b in value` of a statement, a comprehension or a generator among arguments. */
function loops(node: Expression): Assignment[] {
  return node.getChildren('for').flatMap((mark) => {
    const targets: Expression[] = [];
    let at = mark.nextSibling;
    for (; at && at.name !== 'in'; at = at.nextSibling) if (isObject(at.name)) targets.push(at);
    return at?.nextSibling ? [{ targets, value: at.nextSibling, isItem: true }] : [];
  });
}

/** The expressions that a list, a dict, a comprehension, a choice or a `return` is made of. */
export function elementsOf(expression: Expression): Expression[] {
  const children = childrenOf(expression);
  const end = children.findIndex(({ name }) => name === 'for' || name === 'async');
  return children.slice(0, end < 0 ? children.length : end).filter(({ name }) => isObject(name));
}

/** Whether a node is an expression, not a word or a mark of the syntax. */
export function isObject(name: string): boolean {
  return /(?:Expression|Name|String)$|^(?:Number|Boolean|None)$/.test(name);
}

/** The items of a tuple or a list; null for anything else. */
export function itemsOf(node: Expression): Expression[] | null {
  if (node.name === 'ParenthesizedExpression') return elementsOf(node).flatMap((inner) => itemsOf(inner) ?? []);
  return node.name === 'TupleExpression' || node.name === 'ArrayExpression' ? elementsOf(node) : null;
}
