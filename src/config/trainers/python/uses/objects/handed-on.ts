import { argumentsOf, type Arguments } from '../../../../syntax/python/names';
import { lastName } from '../../../../syntax/python/outline';
import type { Program } from '../../../../syntax/python/program';
import { ownParameters, type Expression, type Scope } from '../../../../syntax/python/scope';
import type { ScopedName } from './variables';

/** What a call gives a parameter. */
interface Handed {
  variable: ScopedName;
  value: Expression;
  /** Whether the value is behind `**`: the function gets its entries, and cannot change the dict itself. */
  isCopied: boolean;
}

/** Functions that call their first argument with the others: `map(f, a)`. */
const CALLS_FIRST: ReadonlySet<string> = new Set(['map', 'partial', 'starmap']);

/** What a call calls, and with what: `f` of `f(a)`, `map(f, a)` and `partial(f, a)`. */
export function calledWith(text: string, call: Expression): { callee: Expression | null; given: Arguments } {
  const given = argumentsOf(text, call);
  const [first, ...positional] = given.positional;
  const isHanded = first && CALLS_FIRST.has(lastName(text, call.firstChild));
  return isHanded ? { callee: first, given: { ...given, positional } } : { callee: call.firstChild, given };
}

/** Finds what a call gives the parameters of a function of this text, or the fields of a dataclass. */
export function handedBy(
  { text }: Program,
  definitionOf: (callee: Expression) => Scope | null,
): (call: Expression) => readonly Handed[] {
  return (call) => {
    const { callee, given } = calledWith(text, call);
    const own = callee && definitionOf(callee);
    if (!own) return [];
    const init = own.kind === 'class' ? own.children.find(({ name }) => name === '__init__') : own;
    const scope = init ?? own;
    const names = init ? ownParameters(init).map(({ name }) => name) : fieldsOf(own);
    const [items, rest] = ['*', '**'].map((mark) => behind(scope.definition?.getChild('ParamList'), mark)[0]);
    const to = (name: string | undefined, value: Expression, isCopied = false): Handed[] =>
      name === undefined ? [] : [{ variable: { name, scope }, value, isCopied }];
    const nameOf = (node: Expression | undefined): string | undefined => node && text.slice(node.from, node.to);
    const all = [...names, nameOf(items), nameOf(rest)];
    return [
      ...given.positional.flatMap((value, i) => to(names[i] ?? nameOf(items), value)),
      ...given.keywords.flatMap(({ name, value }) => {
        const own = init ? name : `self.${name}`;
        return to(names.includes(own) ? own : (nameOf(rest) ?? own), value);
      }),
      ...['*', '**'].flatMap((mark) =>
        behind(call.getChild('ArgList'), mark).flatMap((value) =>
          all.flatMap((name) => to(name, value, mark === '**')),
        ),
      ),
    ];
  };
}

/** What stands behind a star: `things` in `f(*things)`, and in `def f(*things)`. */
function behind(list: Expression | null | undefined, mark: string): Expression[] {
  return (list?.getChildren(mark) ?? []).flatMap(({ nextSibling: next }) => (next && next.name !== ',' ? [next] : []));
}

/** The fields of a dataclass, as its methods know them. */
function fieldsOf({ bindings }: Scope): string[] {
  return [...bindings].flatMap(([name, [first]]) => (first && first.kind !== 'function' ? [`self.${name}`] : []));
}

/** `models.append(model)`: the list that a call adds to. */
export function listOf(text: string, { firstChild: callee }: Expression): Expression | null {
  const isAdding = callee?.name === 'MemberExpression' && ADDING.has(lastName(text, callee));
  return isAdding ? callee.firstChild : null;
}

const ADDING: ReadonlySet<string> = new Set(['append', 'appendleft', 'extend', 'add', 'insert', 'put', 'setdefault']);
