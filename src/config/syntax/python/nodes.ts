import type { parser } from '@lezer/python';
import type { Range } from '../../reading';

export type PythonTree = ReturnType<typeof parser.parse>;
export type Expression = PythonTree['topNode'];
export type Place = Pick<Expression, 'from' | 'to'>;

/** A number that identifies a node of a tree. */
export const placeId = ({ from, to }: Place): number => from * 2 ** 26 + to;
export const rangeOf = ({ from, to }: Place): Range => ({ start: from, end: to });

/** Results per node, found by its place: the parser creates new node objects on every walk, so they are no keys. */
export class ByPlace<T> {
  private places: (Map<number, T> | undefined)[] = [];

  get({ from, to }: Place): T | undefined {
    return this.places[from]?.get(to);
  }

  set({ from, to }: Place, value: T): void {
    (this.places[from] ??= new Map()).set(to, value);
  }

  clear(): void {
    this.places = [];
  }
}

export function childrenOf(node: Expression): Expression[] {
  const children: Expression[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'Comment') children.push(child);
  }
  return children;
}

/** The innermost of a node, or a scope, and what is around it that is so; null if none is. */
export function innermost<T extends { parent: T | null }>(from: T | null, is: (one: T) => boolean): T | null {
  let at = from;
  while (at && !is(at)) at = at.parent;
  return at;
}

/** Whether a node is an expression, not a word or a mark of the syntax. */
export const isObject = ({ name }: Expression): boolean =>
  /(?:Expression|Name|String)$|^(?:Number|Boolean|None)$/.test(name);

/** Names of nodes that are a variable or a part of an object. */
export const NAMED = /^(?:Variable|Member)(?:Name|Expression)$/;

/** `a` of `a.b["c"]` */
export function rootOf(expression: Expression): Expression {
  const object = expression.name === 'MemberExpression' ? expression.firstChild : null;
  return object ? rootOf(object) : expression;
}

/** The expressions that a list, a dict, a comprehension, a choice or a `return` is made of. */
export function elementsOf(expression: Expression): Expression[] {
  const children = childrenOf(expression);
  const end = children.findIndex(({ name }) => name === 'for' || name === 'async');
  return children.slice(0, end < 0 ? children.length : end).filter(isObject);
}

/** The items of a tuple or a list; null for anything else. */
export function itemsOf(node: Expression): Expression[] | null {
  if (node.name === 'ParenthesizedExpression') return elementsOf(node).flatMap((inner) => itemsOf(inner) ?? []);
  return node.name === 'TupleExpression' || node.name === 'ArrayExpression' ? elementsOf(node) : null;
}

/** The pairs of a dict literal, and the expressions behind `**`, in the order of the source. */
export function pairsOf(dict: Expression): ({ key: Expression; value: Expression } | { spread: Expression })[] {
  const children = childrenOf(dict).filter(({ name, type }) => !/^[{},]$/.test(name) && !type.isError);
  const pairs: ReturnType<typeof pairsOf> = [];
  for (let i = 0; i < children.length; i++) {
    const [child, colon, value] = children.slice(i, i + 3);
    if (child?.name === '**') {
      if (colon) pairs.push({ spread: colon });
      i += 1;
    } else if (child && colon?.name === ':' && value && value.name !== ':') {
      pairs.push({ key: child, value });
      i += 2;
    }
  }
  return pairs;
}

/** Longer names are not followed: a chain of members has a name at each of them. */
const MOST_PARTS = 16;

/** `args.lr` and `config['lr']` in one spelling; null for a part that is chosen at run time. */
export function memberName(text: string, node: Expression, most = MOST_PARTS): string | null {
  if (node.name === 'VariableName') return text.slice(node.from, node.to);
  const isMember = most > 0 && node.name === 'MemberExpression' && node.firstChild;
  const object = isMember ? memberName(text, isMember, most - 1) : null;
  const part = object === null ? null : partName(text, node);
  if (object === null || part === null) return null;
  return node.getChild('PropertyName') ? `${object}.${part}` : `${object}['${part}']`;
}

/** The part of an object that a member names: `lr` of `args.lr` and of `config["lr"]`; null for a computed one. */
export function partName(text: string, member: Expression): string | null {
  const [, , item, end] = childrenOf(member);
  const isLiteral = end?.name === ']' && (item?.name === 'String' || item?.name === 'Number');
  const part = member.lastChild?.name === 'PropertyName' ? member.lastChild : isLiteral ? item : null;
  if (!part) return null;
  const source = text.slice(part.from, part.to);
  return part.name === 'String' ? (stringToken(source)?.value ?? null) : source;
}

/** `a.b.C` → `C`; empty for what has no name. */
export function lastName(text: string, callee: Expression | null | undefined): string {
  const name = callee?.name === 'MemberExpression' ? callee.getChild('PropertyName') : callee;
  return name?.name === 'PropertyName' || name?.name === 'VariableName' ? text.slice(name.from, name.to) : '';
}

export interface Arguments {
  keywords: { name: string; nameNode: Expression; value: Expression }[];
  positional: Expression[];
  /** The expressions behind `**`, with the number of keywords before each, and behind `*`. */
  spreads: { at: number; value: Expression }[];
  stars: Expression[];
}

const MARKS: ReadonlySet<string> = new Set(['(', ')', ',']);
/** `:=`, which the grammar takes for the `=` of a keyword among the arguments of a call. */
export const isWalrus = (mark: Expression | null): boolean => mark?.name === 'AssignOp' && mark.to - mark.from === 2;

export function argumentsOf(text: string, call: Expression): Arguments {
  const found: Arguments = { keywords: [], positional: [], spreads: [], stars: [] };
  const list = call.getChild('ArgList');
  const children = list ? childrenOf(list) : [];
  for (let i = 0; i < children.length; i++) {
    const [child, next, value] = children.slice(i, i + 3);
    if (!child || MARKS.has(child.name) || child.type.isError) continue;
    if (child.name === 'for' || child.name === 'async') break;
    if (child.name === '*' || child.name === '**') {
      if (next && child.name === '**') found.spreads.push({ at: found.keywords.length, value: next });
      else if (next) found.stars.push(next);
      i += 1;
    } else if (next?.name !== 'AssignOp') found.positional.push(child);
    else {
      i += 1;
      if (!value || value.type.isError || MARKS.has(value.name)) continue;
      if (isWalrus(next)) found.positional.push(value);
      else found.keywords.push({ name: text.slice(child.from, child.to), nameNode: child, value });
      i += 1;
    }
  }
  return found;
}

/** The call whose callee a node is. */
export const callBy = ({ parent, from }: Expression): Expression | null =>
  parent?.name === 'CallExpression' && parent.from === from ? parent : null;

/** The number a Python literal stands for: `16`, `1_000`, `.5`, `1e-4`, `0x10`; undefined for a complex one. */
export function pythonNumber(raw: string): number | undefined {
  const plain = raw.replaceAll('_', '');
  return /[jJ]$/.test(plain) && !/^0[xX]/.test(plain) ? undefined : Number(plain);
}

/** Operators and functions whose numbers are followed. */
export const OPERATIONS: ReadonlyMap<string, (...numbers: number[]) => number> = new Map([
  ['*', (left, right) => left * right],
  ['/', (left, right) => left / right],
  ['**', (left, right) => left ** right],
  ...Object.entries({ min: Math.min, max: Math.max, int: Math.trunc, float: Number }),
] as const);

interface StringToken {
  /** Offsets within the token of what stands between its quotes. */
  start: number;
  end: number;
  /** What the token says; null for bytes, and for escapes outside of a raw string (`\n`; `\d` says `\d`). */
  value: string | null;
}

const TOKEN = /^([A-Za-z]{0,2})("""|'''|"|')/;

/** Take a string token apart; null for a token that is not closed. */
export function stringToken(raw: string): StringToken | null {
  const [, prefix = '', quotes = ''] = TOKEN.exec(raw) ?? [];
  const start = prefix.length + quotes.length;
  if (quotes === '' || raw.length < start + quotes.length || !raw.endsWith(quotes)) return null;
  const end = raw.length - quotes.length;
  const inside = raw.slice(start, end);
  const isKnown = !/b/i.test(prefix) && (/r/i.test(prefix) || !/\\[\s\\'"0-7abfnrtvxNuU]/.test(inside));
  return { start, end, value: isKnown ? inside : null };
}
