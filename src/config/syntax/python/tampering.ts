import { childrenOf, memberName } from './bindings';
import type { Binding, Expression, Scope } from './scope';

/** What may change a value behind the back of the assignment that names it. */
export interface Tampering {
  /** Whether any variable may be set by a name that is a text: `exec(…)`, `globals()["lr"] = 1`. */
  anyName: boolean;
  /** Where `from module import *` may set any variable. */
  stars: number[];
  /** Objects whose parts may be set by a name that is no text of this file: `setattr(args, key, 1)`, `config.update(…)`. */
  objects: Set<string>;
  /** Parts that are set of an object that may have another name as well: a parameter, or `other = config`; by which names of which scopes. */
  parts: Map<string, ReadonlySet<string>>;
  /**
   * Whether code may set any option of the command line: by a name that is not in this file, or by reading a file over
   * the options.
   */
  anyOption: boolean;
  /** Functions and methods that are passed on to code that may call them: `partial(train, lr=1)`. */
  handedOn: Set<string>;
}

export const newTampering = (): Tampering => ({
  anyName: false,
  stars: [],
  objects: new Set(),
  parts: new Map(),
  anyOption: false,
  handedOn: new Set(),
});

/** Methods that change what they are called on. */
const MUTATORS = new Set(
  'update pop popitem setdefault clear append extend insert remove sort reverse __setitem__ __setattr__'.split(' '),
);
/** Calls that give a module's or an object's variables as a dict. */
const DICTS_OF = new Set(['globals', 'locals', 'vars']);
const READING = new Set(['items', 'keys', 'values', 'get', 'copy']);
/** Starters of a program, which call a function with what its command line says. */
const STARTERS = /^(?:Fire|cli|run|main|CLI|auto_cli)$/;

/** Notes what a node does to values behind the backs of their assignments. */
export function noteTampering(text: string, node: Expression, found: Tampering): void {
  if (node.name === 'CallExpression') noteCall(text, node, found);
  else if (node.name === 'ImportStatement') {
    if (childrenOf(node).at(-1)?.name === '*') found.stars.push(node.to);
  } else if (node.name === 'MemberExpression' && isTarget(node)) noteTarget(text, node, found);
  else if (node.name === 'MemberExpression' || node.name === 'VariableName') noteHanding(text, node, found);
}

function noteCall(text: string, call: Expression, found: Tampering): void {
  const callee = call.firstChild;
  if (!callee) return;
  const name = text.slice(callee.from, Math.min(callee.to, callee.from + 60));
  const list = call.getChild('ArgList');
  const [first, second] = (list ? childrenOf(list).slice(1, -1) : []).filter(({ name: mark }) => mark !== ',');
  // A dict of its own keeps what is set there apart.
  if (name === 'exec') found.anyName ||= second?.name !== 'DictionaryExpression';
  else if (name === 'eval') found.anyName ||= text.slice(call.from, call.to).includes(':=');
  else if (DICTS_OF.has(name)) {
    // `config = vars(args)` is another name of it, as far as its parts go.
    const isAlias = first !== undefined && call.parent?.name === 'AssignStatement';
    if (!isAlias && !isOnlyRead(text, call)) noteObject(text, first ?? null, found);
  } else if (/^(?:setattr|delattr|object\.__setattr__)$/.test(name)) noteObject(text, first ?? null, found);
  else if (callee.name === 'MemberExpression' && MUTATORS.has(lastWord(name))) {
    noteObject(text, callee.firstChild, found);
    found.anyOption ||= name.startsWith('sys.argv.');
  }
}

/** Whether `vars(args)` is only looked at: `vars(args).items()`, `globals()["lr"]`, `log(vars(args))`. */
function isOnlyRead(text: string, call: Expression): boolean {
  const { parent } = call;
  if (parent?.name !== 'MemberExpression') return parent?.name !== 'AssignStatement';
  const property = parent.getChild('PropertyName');
  return property ? READING.has(text.slice(property.from, property.to)) : !isTarget(parent);
}

/** A part of `node` may be set; without a name, it may be the module itself. */
function noteObject(text: string, node: Expression | null, found: Tampering): void {
  let root = node;
  while (root?.name === 'MemberExpression') root = root.firstChild;
  const source = node ? text.slice(node.from, Math.min(node.to, node.from + 200)) : '';
  if (root?.name !== 'VariableName' || /^sys\.modules\b|^__main__\b/.test(source)) {
    // A literal or the result of a call has no name by which anybody could take it.
    found.anyName ||= node === null || /sys\.modules|__main__/.test(source);
  } else found.objects.add(text.slice(root.from, root.to));
}

function noteTarget(text: string, node: Expression, found: Tampering): void {
  const source = text.slice(node.from, Math.min(node.to, node.from + 200));
  if (/__dict__|__class__|^type\(|__defaults__|__kwdefaults__|^sys\.modules\b|^__main__\./.test(source))
    found.anyName = true;
  // `flag = parser.add_argument("--lr"); flag.default = 1`
  if (/^sys\.argv\b|\.default$/.test(source)) found.anyOption = true;
  if (memberName(text, node) === null || /\..*[.[]/.test(source)) noteObject(text, node, found);
}

/** Whether a value is given to what stands here, or it is taken away. */
function isTarget({ parent, nextSibling, prevSibling }: Expression): boolean {
  switch (parent?.name) {
    case 'AssignStatement': {
      let at = nextSibling;
      while (at && at.name !== 'AssignOp') at = at.nextSibling;
      return at !== null;
    }
    case 'TupleExpression':
    case 'ArrayExpression':
      return isTarget(parent);
    case 'UpdateStatement':
      return prevSibling === null;
    case 'WithStatement':
      return prevSibling?.name === 'as';
    case 'ForStatement':
      return nextSibling?.name === 'in';
    default:
      return parent?.name === 'DeleteStatement';
  }
}

function noteHanding(text: string, node: Expression, found: Tampering): void {
  const { parent, nextSibling, prevSibling } = node;
  if (!parent || nextSibling?.name === 'AssignOp') return;
  const isHanded =
    parent.name === 'ArgList'
      ? !STARTERS.test(lastWord(text.slice(Math.max(0, parent.from - 60), parent.from)))
      : /^(?:ArrayExpression|TupleExpression|DictionaryExpression|ReturnStatement|ConditionalExpression)$/.test(
          parent.name,
        ) ||
        (parent.name === 'AssignStatement' && prevSibling !== null);
  if (isHanded) found.handedOn.add(text.slice(node.from, node.to));
}

/**
 * Moves what functions set of objects that are not theirs to where the object is, and notes the parts that are set of
 * objects that may have other names.
 */
export function settleParts(text: string, module: Scope, found: Tampering): void {
  for (let at = [module]; at.length > 0; at = at.flatMap(({ children }) => children)) {
    for (const scope of at) {
      for (const [name, bindings] of scope.bindings) {
        settle(text, scope, name, bindings, found);
        if (bindings.some(({ value }) => isParsed(text, value))) {
          found.anyOption ||= found.objects.has(name) || bindings.some(({ value }) => isFilledFrom(text, value, name));
        }
        const originals = found.objects.has(name) ? bindings.flatMap(({ value }) => originalOf(text, value) ?? []) : [];
        for (const original of originals) found.objects.add(original);
      }
    }
  }
}

function settle(text: string, scope: Scope, name: string, bindings: readonly Binding[], found: Tampering): void {
  const [, root = '', part] = /^(\w+)(?:\.|\[')(\w[\w.-]*)/.exec(name) ?? [];
  if (part === undefined || root === 'self') return;
  let owner: Scope | null = scope;
  while (owner && !owner.bindings.has(root)) owner = owner.parent;
  if (owner && owner !== scope) {
    const deferred = bindings.map((binding) => ({ ...binding, block: null, isDeferred: true as const }));
    owner.bindings.set(name, [...(owner.bindings.get(name) ?? []), ...deferred]);
  }
  const isAnother = ({ kind, value }: Binding): boolean =>
    kind === 'parameter' ||
    kind === 'class' ||
    kind === 'other' ||
    value?.name === 'MemberExpression' ||
    originalOf(text, value) !== null ||
    value?.name === 'CallExpression';
  if ((owner?.bindings.get(root) ?? []).some(isAnother)) {
    found.parts.set(part, new Set([...(found.parts.get(part) ?? []), idOf(owner ?? scope, root)]));
  }
}

/** What `other = config` and `other = vars(config)` give another name. */
function originalOf(text: string, value: Expression | null): string | null {
  if (value?.name === 'VariableName') return text.slice(value.from, value.to);
  if (value?.name !== 'CallExpression') return null;
  return /^vars\(\s*(\w+)\s*\)$/.exec(text.slice(value.from, Math.min(value.to, value.from + 100)))?.[1] ?? null;
}

/** `args = with_config(args, "run.yaml")` */
function isFilledFrom(text: string, value: Expression | null, name: string): boolean {
  if (value?.name !== 'CallExpression') return false;
  const list = value.getChild('ArgList');
  return (list ? childrenOf(list) : []).some(
    (node) => node.name === 'VariableName' && text.slice(node.from, node.to) === name,
  );
}

/** `parser.parse_args()` */
function isParsed(text: string, value: Expression | null): boolean {
  return value?.name === 'CallExpression' && /\.parse_\w+$/.test(text.slice(value.from, value.firstChild?.to));
}

const idOf = ({ from, kind }: Scope, name: string): string => `${kind} ${from} ${name}`;

/** Whether a part of the object `name` of `scope` may be set under another name of the object. */
export function isSetOutside({ parts }: Tampering, part: string, scope: Scope | null, name: string): boolean {
  const own = scope && idOf(scope, name);
  return [...(parts.get(part) ?? [])].some((id) => id !== own);
}

/**
 * The parts of the object `name` that are set after it was made, as far as they have names; null where any part may be.
 * @param held the parts it was made with
 */
export function partsSetOf(
  scope: Scope,
  name: string,
  held: readonly string[],
  tampering: Tampering,
): readonly string[] | null {
  if (tampering.objects.has(name)) return null;
  const parts = held.filter((part) => isSetOutside(tampering, part, scope, name));
  for (const member of scope.bindings.keys()) {
    if (!/^[.[]/.test(member.slice(name.length)) || !member.startsWith(name)) continue;
    const [, part] = /^(?:\.|\['?)([\w.-]+)/.exec(member.slice(name.length)) ?? [];
    if (part !== undefined) parts.push(part);
  }
  return parts;
}

/** `optim.Adam` → `Adam`. */
function lastWord(source: string): string {
  return source.split(/\W+/).findLast((word) => word !== '') ?? '';
}
