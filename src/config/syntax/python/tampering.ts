import { childrenOf, partName } from './bindings';
import type { Expression } from './scope';

/** What may change a value without an assignment to its name. */
export interface Tampering {
  /** Whether any variable may be set by a name that is a text: `exec(…)`, `globals()["lr"] = 1`. */
  anyName: boolean;
  /** Where `from module import *` may set any variable. */
  stars: number[];
  /** The parts of objects that are set: `args.lr = 1`, `config["lr"] = 1`, `setattr(args, "lr", 1)`. */
  parts: Set<string>;
  /**
   * Whether code may set any option of the command line: by a computed name (`setattr(args, key, 1)`), in its dict
   * (`vars(args).update(…)`), or by another command line (`sys.argv += …`).
   */
  anyOption: boolean;
}

export const newTampering = (): Tampering => ({ anyName: false, stars: [], parts: new Set(), anyOption: false });

const SETTERS = new Set(['setattr', 'delattr', 'object.__setattr__']);
/** Methods of a dict that give no entry another value. */
const READING = new Set(['items', 'keys', 'values', 'get', 'copy', 'pop', 'setdefault']);
/** Parts that decide what the other parts of an object, or the defaults of a function, are. */
const INNER = new Set(['__dict__', '__class__', '__defaults__', '__kwdefaults__']);

/** Notes what a node does to values without naming them in an assignment. */
export function noteTampering(text: string, node: Expression, found: Tampering): void {
  if (node.name === 'CallExpression') noteCall(text, node, found);
  else if (node.name === 'ImportStatement') {
    if (childrenOf(node).at(-1)?.name === '*') found.stars.push(node.to);
    found.anyName ||= text.slice(node.from, node.to).includes('__main__');
  } else if (node.name === 'MemberExpression') noteMember(text, node, found);
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
    if (second?.name === 'String') found.parts.add(text.slice(second.from + 1, second.to - 1));
    else found.anyOption = true;
  } else if (name === 'globals' || name === 'locals' || (name === 'vars' && !first)) {
    found.anyName ||= !isOnlyRead(text, call);
  } else if (name === 'vars') found.anyOption ||= !isOnlyRead(text, call);
}

function noteMember(text: string, member: Expression, found: Tampering): void {
  const object = member.firstChild;
  const property = propertyOf(text, member);
  const source = object?.name === 'VariableName' ? text.slice(object.from, object.to) : '';
  // `sys.modules[__name__]` is this program.
  const isItem = member.parent?.name === 'MemberExpression' && !member.parent.getChild('PropertyName');
  if (source === 'sys' && property === 'modules') found.anyName ||= isItem || !isOnlyRead(text, member);
  if (source === 'sys' && property === 'argv') found.anyOption ||= isTarget(member) || !isOnlyRead(text, member);
  if (property === '__dict__') found.anyOption ||= !isOnlyRead(text, member);
  if (!isTarget(member)) return;
  if (INNER.has(property)) found.anyName = found.anyOption = true;
  // `flag = parser.add_argument("--lr"); flag.default = 1`
  if (property === 'default') found.anyOption = true;
  const part = partName(text, member);
  if (part !== null && source !== 'self') found.parts.add(part);
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
