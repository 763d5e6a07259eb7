import type { Range } from '../../reading';
import { childrenOf, elementsOf, isObject, isWalrus, itemsOf, memberName, placeId, rangeOf } from './nodes';
import type { Expression, Place, PythonTree } from './nodes';

/** A stretch of code that may not run, or may run several times. */
export interface Block extends Place {
  parent: Block | null;
}

/** A place where a name gets a value. */
export interface Binding extends Place {
  /** `lr`; or `args.lr` and `config['lr']` if a part of an object is set. */
  name: string;
  kind: 'assigned' | 'parameter' | 'class' | 'function' | 'import' | 'other';
  /** Where its statement begins. */
  from: number;
  /** Offset from which uses see the value. */
  to: number;
  nameRange: Range;
  /** The expression that is assigned; null if the value has no expression in the text, like that of a loop variable. */
  value: Expression | null;
  /** The innermost block around the binding, within its scope. */
  block: Block | null;
  /** The full name of an import: `torch.optim.AdamW`. */
  path?: string;
  /** Set if a function assigns a name of an outer scope: the assignment happens whenever the function is called. */
  isDeferred?: true;
}

export type Unplaced = Omit<Binding, 'block'>;

/**
 * The names that a statement or a comprehension binds, in the order of the source.
 * @param places gets the place of each target, also of one without a name: `x[i] = 1`
 */
export function bindingsOf(text: string, node: Expression, places?: Set<number>): Unplaced[] {
  const bound = (target: Expression, value: Expression | null = null, { from, to }: Place = node): Unplaced[] => {
    const items = itemsOf(target);
    if (items) {
      const values = value && !target.getChild('*') ? itemsOf(value) : null;
      const isPaired = values?.length === items.length;
      return items.flatMap((item, i) => bound(item, isPaired ? (values[i] ?? null) : null, { from, to }));
    }
    places?.add(placeId(target));
    const name = memberName(text, target);
    if (name === null) return [];
    return [{ name, kind: value ? 'assigned' : 'other', from, to, nameRange: rangeOf(target), value }];
  };
  switch (node.name) {
    case 'AssignStatement': {
      const all = assignmentsAt(node);
      // `rate: float`
      if (all.length === 0) return elementsOf(node).flatMap((target) => bound(target));
      const hasStar = node.getChild('*') !== null;
      return all.flatMap(({ targets, value }) => {
        const values = targets.length === 1 ? [value] : itemsOf(value);
        const isPaired = values?.length === targets.length && !hasStar;
        return targets.flatMap((target, i) => bound(target, isPaired ? (values[i] ?? null) : null));
      });
    }
    case 'UpdateStatement':
    case 'NamedExpression':
    case 'CapturePattern':
      return node.firstChild ? bound(node.firstChild) : [];
    case 'AsPattern':
      return node.lastChild ? bound(node.lastChild) : [];
    case 'FunctionDefinition':
    case 'ClassDefinition': {
      const kind = node.name === 'ClassDefinition' ? 'class' : 'function';
      return node
        .getChildren('VariableName')
        .flatMap((name) => bound(name).map((binding) => ({ ...binding, kind, value: node })));
    }
    case 'ImportStatement':
      return imported(text, node);
    case 'WithStatement':
    case 'TryStatement':
      return node.getChildren('as').flatMap(({ nextSibling: target }) => (target ? bound(target, null, target) : []));
    case 'DeleteStatement':
      return childrenOf(node)
        .slice(1)
        .flatMap((target) => bound(target));
    default: {
      // In a comprehension the name is used before it is bound.
      const before = node.name === 'ForStatement' ? null : { from: node.from, to: node.from };
      return assignmentsAt(node).flatMap(({ targets }) =>
        targets.flatMap((target) => bound(target, null, before ?? target)),
      );
    }
  }
}

/** The parameters of a function or a lambda, each with its default. */
export function parametersOf(text: string, node: Expression): Unplaced[] {
  const list = node.getChild('ParamList');
  const children = list ? childrenOf(list) : [];
  return children.flatMap((child, i): Unplaced[] => {
    const mark = children[i - 1]?.name ?? '';
    // The default of the parameter before may be a name as well.
    if (child.name !== 'VariableName' || mark === 'AssignOp') return [];
    const assigned = children[i + 1]?.name === 'TypeDef' ? i + 2 : i + 1;
    const value = children[assigned]?.name === 'AssignOp' ? (children[assigned + 1] ?? null) : null;
    const { from, to } = child;
    const kind = mark.startsWith('*') ? 'other' : 'parameter';
    return [{ name: text.slice(from, to), kind, from, to, nameRange: rangeOf(child), value }];
  });
}

function imported(text: string, { from, to }: Expression): Unplaced[] {
  const source = text.slice(from, to).replace(/#[^\n]*|[()\\]/g, ' ');
  const [, module, list = ''] = /^(?:from (\S+) )?import (.*)$/.exec(source.replace(/\s+/g, ' ')) ?? [];
  return list.split(',').flatMap((one): Unplaced[] => {
    const [whole = '', alias] = one.trim().split(' as ');
    if (!/^\w[\w.]*$/.test(whole)) return [];
    const name = alias ?? (module === undefined ? (whole.split('.')[0] ?? '') : whole);
    const path = module !== undefined ? `${module}.${whole}` : alias === undefined ? name : whole;
    return [{ name, kind: 'import', from, to, nameRange: { start: from, end: from }, value: null, path }];
  });
}

/** Something that gives values to names: an assignment, a loop, a `with`. */
export interface Assignment {
  targets: readonly Expression[];
  value: Expression;
  /** Whether the targets get the items of the value one after another. */
  isItem: boolean;
}

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
      return single(node.firstChild, node.lastChild);
    case 'WithStatement':
      return node.getChildren('as').flatMap((mark) => single(mark.nextSibling, mark.prevSibling));
    default:
      return LOOPING.test(node.name) ? [...loops(node), ...walruses(node)] : [];
  }
}

function single(target: Expression | null, value: Expression | null): Assignment[] {
  return target && value ? [{ targets: [target], value, isItem: false }] : [];
}

/** `a = b = value`, `a, b = 1, 2` */
function plainAssignments(node: Expression): Assignment[] {
  const groups: Expression[][] = [[]];
  for (const child of childrenOf(node)) {
    if (child.name === 'AssignOp') groups.push([]);
    else if (isObject(child)) groups.at(-1)?.push(child);
  }
  const values = groups.length > 1 ? (groups.pop() ?? []) : [];
  const [value] = values;
  if (!value) return [];
  if (values.length === 1) return groups.map((targets) => ({ targets, value, isItem: false }));
  // `a, *b = 1, 2` may have more targets than values.
  return groups.flatMap((targets) => targets.flatMap((target, i) => single(target, values[i] ?? value)));
}

/** `f(a := value)` */
function walruses(list: Expression): Assignment[] {
  return list
    .getChildren('AssignOp')
    .filter(isWalrus)
    .flatMap((mark) => single(mark.prevSibling, mark.nextSibling));
}

/** `for a, b in value` of a statement, a comprehension or a generator among arguments. */
function loops(node: Expression): Assignment[] {
  return node.getChildren('for').flatMap((mark) => {
    const targets: Expression[] = [];
    let at = mark.nextSibling;
    for (; at && at.name !== 'in'; at = at.nextSibling) if (isObject(at)) targets.push(at);
    return at?.nextSibling ? [{ targets, value: at.nextSibling, isItem: true }] : [];
  });
}
