import { stringToken } from './literals';
import type { Binding, Expression } from './scope';

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
      return loopTargets(node).flatMap((target) => targets(text, target, [target]));
    default:
      // In a comprehension the name is used before it is bound.
      return loopTargets(node).flatMap((target) =>
        targets(text, target, [target]).map((binding) => ({ ...binding, from: node.from, to: node.from })),
      );
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
  const groups: Expression[][] = [[]];
  for (const child of childrenOf(node)) {
    if (child.name === 'AssignOp') groups.push([]);
    else if (child.name !== ',' && child.name !== 'TypeDef') groups.at(-1)?.push(child);
  }
  const values = groups.length > 1 ? (groups.pop() ?? []) : [];
  return groups.flatMap((group): Unplaced[] => {
    const names = group.length === 1 && group[0] ? itemsOf(group[0]) : group;
    if (!names) return targets(text, node, group, values.length === 1 ? (values[0] ?? null) : null);
    const items = values.length === 1 && values[0] ? itemsOf(values[0]) : values;
    const isPaired = items?.length === names.length && ![...names, ...items].some((item) => item.name === '*');
    return names.flatMap((name, i) => targets(text, node, [name], isPaired ? (items?.[i] ?? null) : null));
  });
}

/** The items of a tuple or a list, null for anything else. */
function itemsOf(node: Expression): Expression[] | null {
  if (node.name !== 'TupleExpression' && node.name !== 'ArrayExpression') return null;
  return childrenOf(node).filter(({ name }) => !/^[(),[\]]$/.test(name));
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

/** What stands between `for` and `in`. */
function loopTargets(node: Expression): Expression[] {
  const found: Expression[] = [];
  let isTarget = false;
  for (const child of childrenOf(node)) {
    if (child.name === 'for') isTarget = true;
    else if (child.name === 'in') isTarget = false;
    else if (isTarget && child.name !== ',' && child.name !== '*') found.push(child);
  }
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
