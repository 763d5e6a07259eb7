import { childrenOf, partName } from './bindings';
import type { Expression, Scope } from './scope';

/** What may change a value without an assignment to its name. */
export interface Tampering {
  /** Whether any variable may be set by a name that is a text: `exec(…)`, `globals()["lr"] = 1`. */
  anyName: boolean;
  /** Where `from module import *` may set any variable. */
  stars: number[];
  /** Where a part of an object is set, by the part's name: `args.lr = 1`, `config["lr"] = 1`, `setattr(args, "lr", 1)`. */
  parts: Map<string, number[]>;
  /**
   * Whether code may set any option of the command line: by a computed name (`setattr(args, key, 1)`), by another
   * command line (`sys.argv += …`), or by a config that is read over the options.
   */
  anyOption: boolean;
  /** Functions and methods that are passed on to code that may call them: `partial(train, lr=1)`. */
  handedOn: Set<string>;
  /** Variables that are `vars(args)` under another name, and variables whose items change. */
  aliases: Set<string>;
  changed: Set<string>;
}

export const newTampering = (): Tampering => ({
  ...{ anyName: false, stars: [], parts: new Map(), anyOption: false },
  ...{ handedOn: new Set(), aliases: new Set(), changed: new Set() },
});

const SETTERS = new Set(['setattr', 'delattr', 'object.__setattr__']);
/** Methods of a dict that give no entry another value. */
const READING = new Set(['items', 'keys', 'values', 'get', 'copy', 'pop', 'setdefault']);
/** Parts that decide what the other parts of an object, or the defaults of a function, are. */
const INNER = new Set(['__dict__', '__class__', '__defaults__', '__kwdefaults__']);
/** Starters of a program, which call a function with what its command line says. */
const STARTERS = new Set(['Fire', 'cli', 'run', 'main', 'CLI', 'auto_cli']);

/** Modules whose parsers fill options from files and the environment too. */
const READS_FILES = /\b(?:configargparse|jsonargparse)\b/;

/** Notes what a node does to values without naming them in an assignment. */
export function noteTampering(text: string, node: Expression, found: Tampering): void {
  if (node.name === 'CallExpression') noteCall(text, node, found);
  else if (node.name === 'ImportStatement') {
    if (childrenOf(node).at(-1)?.name === '*') found.stars.push(node.to);
    const source = text.slice(node.from, node.to);
    found.anyName ||= source.includes('__main__');
    found.anyOption ||= READS_FILES.test(source);
  } else if (node.name === 'MemberExpression') noteMember(text, node, found);
  if (node.name === 'MemberExpression' || node.name === 'VariableName') noteHanding(text, node, found);
}

function noteCall(text: string, call: Expression, found: Tampering): void {
  const callee = call.firstChild;
  const list = call.getChild('ArgList');
  if (!callee || !list) return;
  const name = text.slice(callee.from, callee.to);
  const [first, second] = childrenOf(list)
    .slice(1, -1)
    .filter(({ name: mark }) => mark !== ',');
  // A dict of its own keeps what is set there apart.
  if (name === 'exec') found.anyName ||= second?.name !== 'DictionaryExpression';
  else if (name === 'eval') found.anyName ||= text.slice(call.from, call.to).includes(':=');
  else if (SETTERS.has(name)) {
    if (second?.name === 'String') addPart(found, text.slice(second.from + 1, second.to - 1), call.from);
    else found.anyOption = true;
  } else if (name === 'globals' || name === 'locals' || (name === 'vars' && !first)) {
    found.anyName ||= !isOnlyRead(text, call);
  } else if (name === 'vars') noteDict(text, call, found);
  else if (callee.name === 'MemberExpression' && callee.firstChild?.name === 'VariableName') {
    if (!READING.has(propertyOf(text, callee)))
      found.changed.add(text.slice(callee.firstChild.from, callee.firstChild.to));
  }
}

/** `vars(args)` or `args.__dict__`, which holds the parts of an object. */
function noteDict(text: string, dict: Expression, found: Tampering): void {
  const alias = dict.parent?.name === 'AssignStatement' ? dict.parent.firstChild : null;
  if (alias && alias.from !== dict.from) found.aliases.add(text.slice(alias.from, alias.to));
  else found.anyOption ||= !isOnlyRead(text, dict);
}

function noteMember(text: string, member: Expression, found: Tampering): void {
  const object = member.firstChild;
  const property = propertyOf(text, member);
  const source = object?.name === 'VariableName' ? text.slice(object.from, object.to) : '';
  // `sys.modules[__name__]` is this program.
  const isItem = member.parent?.name === 'MemberExpression' && !member.parent.getChild('PropertyName');
  if (source === 'sys' && property === 'modules') found.anyName ||= isItem || !isOnlyRead(text, member);
  if (source === 'sys' && property === 'argv') found.anyOption ||= isTarget(member) || !isOnlyRead(text, member);
  if (property === '__dict__') noteDict(text, member, found);
  if (!isTarget(member)) return;
  if (INNER.has(property)) found.anyName = found.anyOption = true;
  // `flag = parser.add_argument("--lr"); flag.default = 1`
  if (property === 'default') found.anyOption = true;
  const part = partName(text, member);
  if (part === null) found.changed.add(source);
  else if (source !== 'self') addPart(found, part, member.from);
}

function addPart({ parts }: Tampering, name: string, at: number): void {
  parts.set(name, [...(parts.get(name) ?? []), at]);
}

/** `args.lr` → `lr`; empty for an item. */
function propertyOf(text: string, member: Expression): string {
  const property = member.getChild('PropertyName');
  return property ? text.slice(property.from, property.to) : '';
}

/** Whether a dict of variables is only looked at: `vars(args).items()`, `globals()["lr"]`, `log(vars(args))`. */
export function isOnlyRead(text: string, dict: Expression): boolean {
  const { parent } = dict;
  if (parent?.name !== 'MemberExpression') return parent?.name !== 'AssignStatement';
  const isCalled = parent.parent?.name === 'CallExpression' && parent.parent.from === parent.from;
  return !isTarget(parent) && !(isCalled && !READING.has(propertyOf(text, parent)));
}

/** Whether a value is given to what stands here, or it is taken away. */
export function isTarget({ parent, nextSibling, prevSibling }: Expression): boolean {
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

/** Expressions whose parts are values, not calls. */
const HOLDERS = new Set([
  ...['ArrayExpression', 'TupleExpression', 'DictionaryExpression', 'ReturnStatement', 'ConditionalExpression'],
]);

function noteHanding(text: string, node: Expression, found: Tampering): void {
  const { parent } = node;
  if (!parent || node.nextSibling?.name === 'AssignOp') return;
  const callee = parent.name === 'ArgList' ? parent.parent?.firstChild : null;
  const isHanded = callee
    ? found.anyOption ||
      !STARTERS.has(callee.name === 'MemberExpression' ? propertyOf(text, callee) : text.slice(callee.from, callee.to))
    : HOLDERS.has(parent.name) || (parent.name === 'AssignStatement' && parent.from < node.from);
  if (isHanded) found.handedOn.add(text.slice(node.from, node.to));
}

/** Notes what only the whole program tells: options under another name, and options that another call makes anew. */
export function settleTampering(text: string, module: Scope, found: Tampering): void {
  found.anyOption ||= [...found.aliases].some((alias) => found.changed.has(alias));
  for (let at = [module]; at.length > 0; at = at.flatMap(({ children }) => children)) {
    for (const { bindings } of at) {
      for (const all of bindings.values()) {
        const values = all.flatMap(({ value }) => value ?? []);
        const parsed = values.filter((value) => isParsed(text, value));
        // `args = parser.parse_args()`, and then `args = with_config(args, "run.yaml")`
        found.anyOption ||= parsed.length > 0 && parsed.length < values.length;
      }
    }
  }
}

/** `parser.parse_args()` */
function isParsed(text: string, { name, firstChild }: Expression): boolean {
  return name === 'CallExpression' && firstChild !== null && propertyOf(text, firstChild).startsWith('parse_');
}
