import * as l10n from '@vscode/l10n';
import { childrenOf, partName } from '../../../syntax/python/bindings';
import { argumentsOf, givenIn } from '../../../syntax/python/names';
import { lastName } from '../../../syntax/python/outline';
import type { Expression } from '../../../syntax/python/scope';
import { isTarget } from '../../../syntax/python/tampering';
import { isComputedWith, isLogged } from '../../../syntax/python/values/shown';
import type { Range } from '../../../reading';
import { bindingsBehind } from './objects/bindings-behind';
import type { Flow } from './objects/flow';
import { calledWith, listOf } from './objects/handed-on';
import { CALLED, HOLDS_NUMBERS, KNOWN, madeBy, PASSING, type Kind, type Thing } from './objects/kinds';
import {
  doubt,
  doubtOfAssigning,
  doubtOfBound,
  doubtOfComputing,
  doubtOfMethod,
  FUNCTIONS,
  IN_16_BITS,
  isModelReader,
  isPlainFunction,
  READS_GRADIENTS,
  TRAINS_MORE,
  type Doubt,
} from './doubts';
import { makesWeights } from './objects/weights';

/** A use that was not understood. */
export interface Use extends Doubt {
  range: Range;
  /** What is used. */
  things: readonly Thing[];
  /** The options whose defaults skip this use, if any. */
  leftOutBy?: readonly string[];
}

/** A use at an expression. */
export function useOf({ from, to }: Expression, doubt: Doubt, things: readonly Thing[] = []): Use {
  return { ...doubt, range: { start: from, end: to }, things };
}

/** Every use of an object that decides the run, of which no table says what it does. */
export function doubtfulUses(flow: Flow): Use[] {
  const uses: Use[] = [];
  flow.program.tree.iterate({
    enter(at) {
      const { name } = at;
      if (!HOLDS.test(name)) return;
      const { node } = at;
      // What a container or a choice holds is judged where a call gets it, or a part is taken of it.
      if (!NAMED.test(name) && !/^(?:ArgList|MemberExpression)$/.test(node.parent?.name ?? '')) return;
      const things = flow.thingsOf(node);
      if (things.length > 0) uses.push(...usesAt(flow, node, things));
      if (name === 'MemberExpression') uses.push(...ofUnknownPart(flow, node));
    },
  });
  return uses;
}

const NAMED = /^(?:VariableName|MemberExpression|CallExpression)$/;
const HOLDS = new RegExp(
  `${NAMED.source}|(?:Array|Tuple|Set|Dictionary|Parenthesized|Conditional|Binary|Lambda|Comprehension)Expression$`,
);

/** `model.base_model.lm_head.weight.requires_grad = True`: a part of a model, through attributes of which nothing is known. */
function ofUnknownPart(flow: Flow, node: Expression): Use[] {
  const { text, outline } = flow.program;
  const isAssigned = node.parent?.name === 'AssignStatement' && isTarget(node);
  const isCalled = node.parent?.name === 'CallExpression' && node.parent.firstChild?.from === node.from;
  const name = partName(text, node);
  const isSet = isAssigned && (name === 'requires_grad' || makesWeights(flow, node.parent?.lastChild ?? null));
  if (!node.parent || !(isSet || (isCalled && name === 'requires_grad_'))) return [];
  if (isFalse(text, isCalled ? argumentsOf(text, node.parent).positional[0] : node.parent.lastChild)) return [];
  const owner = node.firstChild;
  if (!owner || flow.thingsOf(owner).length > 0) return [];
  let root: Expression = owner;
  while (root.firstChild && (root.name === 'MemberExpression' || root.name === 'CallExpression'))
    root = root.firstChild;
  const things = flow.thingsOf(root).filter(({ kind }) => kind === 'model' || kind === 'trainer');
  // A model of loralib is any module.
  const isOfLoralib =
    name !== null && /^requires_grad_?$/.test(name) && outline.callsByName.has('mark_only_lora_as_trainable');
  return things.length > 0 || isOfLoralib ? [useOf(node.parent, TRAINS_MORE, things)] : [];
}

const isFalse = (text: string, node: Expression | null | undefined): boolean =>
  node?.name === 'Boolean' && text.slice(node.from, node.to) === 'False';

function usesAt(flow: Flow, node: Expression, things: readonly Thing[]): Use[] {
  const parent = node.parent;
  const isKeyword = parent?.name === 'ArgList' && node.nextSibling?.name === 'AssignOp';
  if (!parent || isKeyword) return [];
  const use = (at: Expression, kind: Kind, doubt: Doubt | null): Use[] =>
    doubt
      ? [
          useOf(
            at,
            doubt,
            things.filter((thing) => thing.kind === kind),
          ),
        ]
      : [];
  const { text } = flow.program;
  if (things.some(({ kind }) => kind === 'number') && isComputedWith(text, node))
    return use(node, 'number', doubtOfComputing(partName(text, node) ?? text.slice(node.from, node.to)));
  const each = (at: Expression, judge: (kind: Kind) => Doubt | null): Use[] =>
    [...new Set(things.map(({ kind }) => kind))]
      .filter((kind) => kind !== 'number')
      .flatMap((kind) => use(at, kind, judge(kind)));
  if (parent.name === 'MemberExpression' && parent.firstChild?.from === node.from && parent.firstChild.to === node.to) {
    return each(statementOf(parent), (kind) => ofMember(flow, parent, kind));
  }
  if (parent.name === 'ArgList' && parent.parent?.name === 'CallExpression') {
    const call = parent.parent;
    return each(call, (kind) => ofArgument(flow, call, node, kind));
  }
  if (parent.name === 'AssignStatement' && parent.firstChild?.name === 'MemberExpression' && !isTarget(node)) {
    const object = parent.firstChild;
    return isElsewhere(flow, object)
      ? each(parent, (kind) => ofGiving(flow.program.text.slice(object.from, object.to), kind))
      : [];
  }
  if (parent.name === 'BinaryExpression' && parent.getChild('ArithOp') && !isLogged(flow.program.text, parent)) {
    return each(parent, (kind) => (kind === 'parameter' ? doubtOfMethod(kind, '') : null));
  }
  if (parent.name === 'UpdateStatement' && isTarget(node)) {
    return each(parent, (kind) => {
      if (kind === 'parameter' || kind === 'grad' || kind === 'data') return doubtOfAssigning('data', '');
      return kind === 'group' ? doubtOfMethod(kind, '|=') : null;
    });
  }
  return [];
}

/** `object.name` and `object["name"]`: called, assigned, or read. */
function ofMember(flow: Flow, member: Expression, kind: Kind): Doubt | null {
  const { text } = flow.program;
  const name = partName(text, member) ?? '';
  const isAttribute = member.getChild('PropertyName') !== null;
  const parent = member.parent;
  if (
    isAttribute &&
    parent?.name === 'CallExpression' &&
    parent.firstChild?.from === member.from &&
    parent.firstChild.to === member.to
  ) {
    return ofCall(flow, parent, kind, name);
  }
  if (!parent || !isTarget(member)) {
    return isAttribute ? doubtOfBound(kind, name) : null;
  }
  const value = parent.lastChild;
  if (kind === 'parameter' || kind === 'grad') return ofParameter(flow, kind, name, member, value);
  if (kind === 'model' && value && (makesWeights(flow, value) || (name === 'requires_grad' && !isFalse(text, value))))
    return TRAINS_MORE;
  return doubtOfAssigning(kind, name);
}

function ofParameter(
  { program: { text } }: Flow,
  kind: Kind,
  name: string,
  member: Expression,
  value: Expression | null,
): Doubt | null {
  const assigned = value ? text.slice(value.from, value.to) : '';
  if (name === 'requires_grad') {
    if (assigned === 'False') return null;
    return TRAINS_MORE;
  }
  if (name === 'grad' && assigned === 'None') return null;
  if (name === 'data' && value && isCast(text, value)) return null;
  const isItem = member.getChild('PropertyName') === null;
  if (kind === 'parameter' && name !== 'data' && name !== 'grad' && !isItem) return null;
  return doubtOfAssigning(kind === 'grad' || name === 'grad' ? 'grad' : 'data', name);
}

function ofCall(flow: Flow, call: Expression, kind: Kind, name: string): Doubt | null {
  const { text } = flow.program;
  const given = argumentsOf(text, call);
  const [argument] = given.positional;
  const first = argument ? text.slice(argument.from, argument.to) : '';
  if (kind === 'base') return null;
  if (name === 'requires_grad_') {
    if (first === 'False') return null;
    return TRAINS_MORE;
  }
  if ((kind === 'parameter' || kind === 'data' || kind === 'grad') && /[^_]_$/.test(name)) {
    return doubtOfAssigning(kind === 'grad' ? 'grad' : 'data', '');
  }
  if (kind === 'model' && isIn16Bits(flow, call, name)) return IN_16_BITS;
  if (kind === 'model' && name === 'add_adapter') return ofAdding(text, givenIn(given));
  if (kind === 'model' && (name === 'set_adapter' || name === 'set_adapters') && /^\[?["']default["']\]?$/.test(first))
    return null;
  if (flow.calledIn(call)) return null;
  return doubtOfMethod(kind, name);
}

/** `p.data.to(torch.float32)` */
function isCast(text: string, { name, firstChild: callee }: Expression): boolean {
  return (
    name === 'CallExpression' &&
    callee?.firstChild?.name !== 'ParenthesizedExpression' &&
    CASTS.has(lastName(text, callee))
  );
}

const CASTS = new Set(['to', 'float', 'half', 'bfloat16', 'double', 'cuda', 'cpu', 'type', 'contiguous']);
const IN_16 = new Set(['torch.bfloat16', 'torch.float16', 'torch.half']);

/** `model.half()`, `model.to(torch.bfloat16)` */
function isIn16Bits({ program: { text, path } }: Flow, call: Expression, name: string): boolean {
  if (name === 'half' || name === 'bfloat16') return true;
  return name === 'to' && givenIn(argumentsOf(text, call)).some((given) => IN_16.has(path(given)));
}

/** A second adapter has a name; the first may do without. */
function ofAdding(text: string, given: readonly Expression[]): Doubt | null {
  const names = given.filter(({ name }) => name === 'String').map(({ from, to }) => text.slice(from + 1, to - 1));
  const isSecond = names.some((name) => name !== 'default');
  return isSecond ? { why: l10n.t('It adds a second adapter to the model.'), moves: true } : null;
}

/** An object as the argument of a call. */
function ofArgument(flow: Flow, call: Expression, node: Expression, kind: Kind): Doubt | null {
  const { text } = flow.program;
  const { callee } = calledWith(text, call);
  if (!callee || kind === 'base' || node.prevSibling?.name === 'in') return null;
  const path = flow.program.path(callee);
  const name = lastName(text, callee);
  const own = flow.definitionOf(callee);
  if (own) return own.kind === 'class' ? ofBases(flow.basesOf(own), kind) : null;
  if (name === 'setattr' || name === '__setattr__') return ofSetting(flow, call, kind);
  if (name === 'add_adapter') return ofAdding(text, childrenOf(node.parent ?? node));
  const list = listOf(text, call);
  if (list) return isElsewhere(flow, list) ? ofGiving(text.slice(list.from, list.to), kind) : null;
  const known = FUNCTIONS[name];
  if (known && kind !== 'parameters') return known;
  if (/clip_grad_(?:norm|value)_$/.test(name)) return null;
  if (PASSING.has(name) || isPlainFunction(path, name)) return null;
  if (kind === 'grad' && READS_GRADIENTS.test(name)) return null;
  if (madeBy(path)) return null;
  // What a method of the object itself is given was judged with the method.
  const object = callee.name === 'MemberExpression' ? callee.firstChild : null;
  if (object && (flow.thingsOf(object).length > 0 || isSuper(text, object))) return null;
  if (kind === 'model' && isModelReader(path, name)) return null;
  const isInit = /^(?:torch\.)?nn\.init\.|^init\./.test(path);
  if (isInit) return { why: l10n.t('It draws new weights without dividing them.'), moves: true };
  return ofGiving(name || text.slice(callee.from, callee.to), kind);
}

/** An object that is given to what is not in this text. */
function ofGiving(to: string, kind: Kind): Doubt {
  return doubt(l10n.t`${to} is not defined in this file, and gets ${CALLED[kind]}.`, HOLDS_NUMBERS.has(kind));
}

/** An object that a class of this text gets, and with it what the class is derived from. */
function ofBases(bases: readonly string[], kind: Kind): Doubt | null {
  const unknown = bases.find((base) => base.includes('.') && !KNOWN.test(base) && !PLAIN_BASES.test(base));
  return unknown === undefined ? null : ofGiving(unknown, kind);
}

/** Packages whose classes do nothing to what a class that is derived from them gets. */
const PLAIN_BASES = /^(?:pytorch_lightning|lightning|pl|abc|typing|collections|enum|threading|pydantic|datasets)\./;

/** Whether an object is another module's, which may do with what it gets as it likes. */
function isElsewhere({ program }: Flow, object: Expression): boolean {
  const bindings = bindingsBehind(program, object);
  return bindings !== null && (bindings.length === 0 || bindings.some(({ kind }) => kind === 'import'));
}

/** `super()` */
export function isSuper(text: string, { name, firstChild }: Expression): boolean {
  return name === 'CallExpression' && lastName(text, firstChild) === 'super';
}

/** `setattr(object, "name", value)` */
function ofSetting(flow: Flow, call: Expression, kind: Kind): Doubt | null {
  const { text } = flow.program;
  const [, word, value] = argumentsOf(text, call).positional;
  const name = word?.name === 'String' ? text.slice(word.from + 1, word.to - 1) : null;
  if (name === 'requires_grad') return isFalse(text, value) ? null : TRAINS_MORE;
  if (kind === 'model' && makesWeights(flow, value ?? null)) return TRAINS_MORE;
  if (name !== null) return doubtOfAssigning(kind, name);
  return {
    why: l10n.t`It sets an attribute of ${CALLED[kind]} whose name is computed.`,
    moves: HOLDS_NUMBERS.has(kind),
  };
}

/** What to point at: the assignment or the call that a part of an object stands in. */
function statementOf(member: Expression): Expression {
  const parent = member.parent;
  if (!parent) return member;
  if (/^(?:AssignStatement|UpdateStatement|CallExpression)$/.test(parent.name)) return parent;
  return member;
}
