import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { forLast } from '../../syntax/for-last';
import { callBy, childrenOf, elementsOf, NAMED, partName, placeId, rootOf } from '../../syntax/python/nodes';
import type { Expression, Place } from '../../syntax/python/nodes';
import { scopeAt, testAround } from '../../syntax/python/outline';
import type { Program } from '../../syntax/tree';
import { countWhile } from '../../../recipe/search';
import { bindingsOfName, ownerOf } from '../../syntax/python/names';
import { isRead } from '../../syntax/python/unseen';
import { doubtIf, doubtsOfArguments, CATCHES, STEPS } from './given';
import type { Asked, Doubt, Judge, ReadCalls } from './given';
import { any, each, LIBRARY, MEASURED, METHODS, named, NUMBERS, PART, READS, SETTABLE, WEIGHTS } from './harmless';
import { DECIDES } from './harmless-calls';
import { classRow, OF_TRAINERS, PLAIN_BASES } from './harmless-classes';
import { isReadOptimizer } from './optimizers';
import { touchedIn } from './spread';
import { AROUND, isEffect } from './surroundings';
import { afterTraining, madeAgain, misplacedCode } from './training';
import { TRAINING } from './tree';
import type { Touched } from './touched';

/** Python's own ways to reach any object, or to run code that is not in the text. */
const REFLECTS = new RegExp(
  `^${named(`(?:builtins.)?(?:exec|eval|compile|globals|locals|__import__|delattr) importlib.* importlib.machinery.**
    importlib.util.module_from_spec runpy.** pydoc.locate pkgutil.** ctypes.** gc.get_* sys.set*e sys._* sys.meta_path.*
    unittest.mock.patch unittest.mock.patch.* inspect.currentframe inspect.stack inspect.getmembers* operator.attrgetter
    operator.methodcaller operator.*item operator.i* (?:**.)?register_(?:optimizer_step|module)_*hook
    wrapt.** functools.update_wrapper logging.setLog* (?:**.)?addFilter`)}`,
);
/** The attributes by which Python reaches the variables of any function. */
const REACHES = /^(?:__(?:globals|closure|subclasses|builtins)__|[fg]i?_(?:globals|locals|back|frame)|tb_frame)$/;
/** Names of classes that are known from known packages alone. */
const LOOKS_LIKE = new RegExp(`(?:LoraConfig|(?<!Patch\\w*)Trainer)$|${TRAINING.source}`);
/** Attributes of libraries that have nothing to do with training. */
const PLAIN_PATCHES =
  /^(?:os\.environ|\w+\.__version__|Settings\.(?:llm|embed_model)$|(?:torch\.(?:backends|_dynamo|npu)|sys(?!\.modules)|locale|plt|np|warnings|logging|pd)\.)/;
/** Calls that say something. */
const REMARKS = /^(?:print|info|debug|warn|warning|error)$/;
const CAST = /\.(?:to|float|double|cuda|cpu|contiguous)\((?!.*(?:16|half|bf))[^()]*\)$/;

/** Several trainers read the same script one after another. */
const analysed = forLast(1, touchedIn);

/**
 * Every part of a script that touches a run and is not known to be harmless: calls, assignments, conditions, classes,
 * decorators and contexts, for a run that is made at an offset.
 */
export function notUnderstoodIn(program: Program, read: ReadCalls): (run: number) => Unread[] {
  const touched = analysed(program);
  const places: number[] = [];
  const nodes: Expression[] = [];
  program.tree.iterate({
    enter(at) {
      if (NAMED.test(at.name) && touched.held(at.node)) places.push(at.from);
      if (Object.hasOwn(JUDGES, at.name)) nodes.push(at.node);
    },
  });
  const touches = ({ from, to }: Place): boolean => (places[countWhile(places, (place) => place < from)] ?? to) < to;
  const { text } = program;
  const asked: Asked = { touched, read, touches, goesOn: CATCHES.test(text), hasSteps: STEPS.test(text) };
  const doubts = nodes.flatMap((node) => JUDGES[node.name]?.(asked, node) ?? []);
  const isAfter = afterTraining(touched);
  const before = [...doubts, ...settersIn(touched), ...madeAgain(touched)].filter(({ at }) => !isAfter(at.from));
  before.push(...misplacedCode(touched, read));
  const far = l10n.t('This script passes values on through more functions and names than LoRA Alpha follows.');
  before.push(...doubtIf(touched.definitions.isCut, program.tree.topNode.firstChild ?? program.tree.topNode, far));
  // What tests share may be changed by one for the next.
  const shared = [...(touched.names.variables.get(program.outline.module)?.values() ?? [])];
  const isShared = shared.some((held) => held & ~LIBRARY);
  return (run) =>
    before.flatMap(({ at, why, held, isPatch }): Unread[] => {
      const [own, other] = [run, at.from].map((offset) => testAround(scopeAt(program.outline, offset)));
      if (own && other && own !== other && !isPatch && !isShared) return [];
      return [{ range: { start: at.from, end: at.to }, why, mayMove: (held & NUMBERS) !== 0 }];
    });
}

/** Python's own ways to set or run anything, as values: `map(setattr, …)`, `run = exec`. */
function settersIn({ program: { outline } }: Touched): Doubt[] {
  return ['setattr', 'delattr', 'exec', 'eval'].flatMap((name) => {
    const all = (outline.variables.get(name) ?? []).filter((at) => !callBy(at) && !ownerOf(outline, name, at.from));
    return all.flatMap((at) => doubtIf(true, at, l10n.t`${name} may run or change anything.`));
  });
}

/** What generates and selects: what stands in its place may change a run, but holds no number that a plan moves. */
const NUMBERLESS = any('generate *LogitsProcessor *log_softmax _get_unique_tensor_key');

const ofCall: Judge = (asked, call) => {
  const { touched, read } = asked;
  const called = touched.called(call);
  const { row, own, owner, path } = called;
  const given = touched.given(call);
  const held = owner | touched.all(given.all);
  const name = called.name || touched.source(call.firstChild).slice(0, 40);
  const unknown = l10n.t`LoRA Alpha does not know what ${name} does to the run.`;
  const [object, word, value] = given.positional;
  if (/^(?:__)?setattr/.test(name)) {
    const key = word?.name === 'String' ? touched.source(word).slice(1, -1) : null;
    return object ? ofSetting(asked, call, object, key, value, 'setattr') : [];
  }
  if (path !== null && own.length === 0 && REFLECTS.test(path)) {
    const isShown = /^(?:globals|locals)$/.test(path) && isRead(touched.program.text, touched.program.outline, call);
    const isApart = isShown || (/^(?:eval|exec)$/.test(path) && word !== undefined);
    const stays = !isUndone(touched, call, path);
    return doubtIf(!isApart, call, l10n.t`${name} may run or change anything.`, NUMBERS, stays);
  }
  const chooses = object?.name === 'None' ? touched.held(word) & NUMBERS : touched.held(object) & PART;
  if (path === 'filter' && chooses && object) return doubtIf(true, object, DECIDED, chooses);
  const keys = given.keywords.map((keyword) => keyword.name);
  if (path === 'dict' && held && keys.length > 1) return ofGroup(asked, call, keys);
  if (own.length > 0) {
    const bases = own.filter(({ kind }) => kind === 'class').map((scope) => touched.definitions.basesOf(scope));
    const isArguments = bases.some((all) => classRow(all)?.makes === NUMBERS) && !read.calls.has(call.from);
    const isPlain = bases.every((all) => classRow(all) !== null || all.every((base) => PLAIN_BASES.test(base)));
    return doubtIf(isArguments || (held && !isPlain), call, unknown, isArguments ? NUMBERS : held);
  }
  if (path !== null && LOOKS_LIKE.test(name) && !OF_TRAINERS.test(path) && !path.startsWith('peft.'))
    return doubtIf(true, call, l10n.t`${name} comes from a module that LoRA Alpha does not know.`);
  if (row) return doubtsOfArguments(asked, call, called);
  if (isReadOptimizer(path ?? '')) return doubtIf(true, call, l10n.t('This name may stand for several optimizers.'));
  const isGiven = !path?.startsWith('functools.') && touched.all(given.all, LIBRARY);
  const isDoubt = held || isGiven || DECIDES.test(path ?? '') || isEffect(touched, call, path ?? '');
  return doubtIf(isDoubt, call, unknown, held);
};

/** `with patch("torch.optim.AdamW.step"):` ends with its block, if nothing is imported there and no other test runs. */
function isUndone(touched: Touched, { parent }: Expression, path: string): boolean {
  const around = [parent, parent?.parent].find((one) => one?.name === 'WithStatement');
  return !!around && path.startsWith('unittest.') && !/\bimport\b|\btest_\w*\(/.test(touched.source(around));
}

/** A part of an object is set: `args.learning_rate = 1`, `group["lr"] = 1`, `torch.optim.AdamW.step = f`. */
const ofMember: Judge = (asked, member) => {
  const { touched } = asked;
  const { firstChild: object, parent } = member;
  const own = partName(touched.program.text, member) ?? '';
  const isSetter = /^__(?:set|del)attr__$/.test(own) && !callBy(member);
  if (isSetter || REACHES.test(own)) return doubtIf(true, member, l10n.t`${own} may run or change anything.`);
  if (!object || !parent || !touched.program.outline.bound.has(placeId(member))) return [];
  if (parent.name === 'DeleteStatement' && touched.held(object)) return [];
  const value = parent.name === 'AssignStatement' ? parent.lastChild : null;
  const at = /^(?:Assign|Update)Statement$/.test(parent.name) ? parent : member;
  const kind = member.lastChild?.name === 'PropertyName' ? 'attribute' : 'item';
  return ofSetting(asked, at, object, partName(touched.program.text, member), value, kind);
};

function ofSetting(
  { touched, touches }: Asked,
  at: Expression,
  object: Expression,
  name: string | null,
  value: Expression | null | undefined,
  kind: 'attribute' | 'item' | 'setattr',
): Doubt[] {
  const { program, definitions } = touched;
  const [owner, given] = [touched.held(object), touched.held(value)];
  const path = `${touched.source(object)}.${name ?? ''}`;
  const root = rootOf(object);
  const isLibrary = definitions.isOfLibrary(object);
  const isHeld = kind !== 'item' && touched.value(object) & LIBRARY;
  const isReached = (isHeld || root.name !== 'VariableName') && !maySet(touched, name, value);
  const isForeign = (isLibrary || isReached) && !PLAIN_PATCHES.test(path);
  const bindings = bindingsOfName(program.text, program.outline, root);
  const isPatch = isForeign && (kind === 'setattr' || given !== 0 || isReached || bindings.length > 0);
  const isMethod = kind === 'attribute' && METHODS.get(name ?? '')?.isOfWhole && touched.source(object) !== 'self';
  const isEntry = kind === 'item' && !DECIDES.test(program.path(object)) && !path.startsWith('sys.modules.');
  const isOther = (!isEntry && isPatch) || isMethod || /^os\.environb?\.$/.test(path);
  const isOfRun = owner || (kind === 'setattr' && given && !isPatch);
  const isDoubt = isOfRun ? !maySet(touched, name, value) : isOther || (isLibrary && given & MEASURED);
  const own = value ? definitions.of(value).flatMap(({ definition }) => definition ?? []) : [];
  const isNumberless = !owner && NUMBERLESS.test(path) && given === 0 && !own.some(touches);
  // `state[name] = parameter`, of a dict that this text makes
  const isDict = bindings.length > 0 && bindings.every((one) => /^Dictionary/.test(one.value?.name ?? ''));
  const isWeight = isDict && object.name === 'VariableName' && name === null && (given & WEIGHTS) !== 0;
  const held = isNumberless ? 0 : isWeight ? owner & ~NUMBERS : owner || NUMBERS;
  return doubtIf(isDoubt, at, l10n.t`It sets ${name ?? '…'} of the run.`, held, !owner);
}

function maySet(touched: Touched, name: string | null, value: Expression | null | undefined): boolean {
  const source = touched.source(value);
  if (name === 'requires_grad') return source === 'False';
  if (name === 'grad') return source === 'None';
  if (name === 'data') return CAST.test(source) && touched.held(value) !== 0;
  return name !== null && SETTABLE.has(name) && !(touched.held(value) & PART);
}

/** `p += 1` changes a parameter in place. */
const ofUpdate: Judge = ({ touched }, statement) => {
  const [target] = childrenOf(statement);
  const held = target?.name === 'VariableName' ? touched.held(target) : 0;
  return doubtIf(held, statement, l10n.t`It sets ${touched.source(target)} of the run.`, held);
};

/** A parameter group that sets its own numbers. Groups given to the optimizer are already read (`read.groups`). */
function ofGroup({ touched, read }: Asked, at: Expression, keys: readonly string[]): Doubt[] {
  const isPlain = !keys.includes('params') || keys.every((key) => /^(?:params|name)$/.test(key));
  return doubtIf(!isPlain && !read.groups.has(at.from) && touched.held(at), at, OWN_NUMBERS);
}

/** A branch that is chosen by something of the run. */
const ofChoice: Judge = ({ touched, goesOn }, node) => {
  const [word, ...children] = childrenOf(node);
  /** Whether a branch only stops the program or says something. */
  const isRemark = (body: Expression): boolean =>
    childrenOf(body).every(({ name, firstChild: call }) => {
      const called = call?.name === 'CallExpression' ? touched.called(call) : null;
      const isSaid = called?.row === READS && REMARKS.test(called.name);
      return isSaid || /^:$|^Pass/.test(name) || (name === 'RaiseStatement' && !goesOn);
    });
  const tests = children.filter(({ name }) => /Expression$|Name$/.test(name));
  const [subject] = node.name === 'MatchStatement' ? tests : [];
  if (subject && touched.held(subject)) return doubtIf(true, subject, DECIDED, touched.held(subject));
  if (node.name === 'IfStatement')
    return node.getChildren('Body').every(isRemark) ? [] : tests.flatMap((test) => ofCondition(touched, test));
  if (node.name === 'ExpressionStatement' && word?.name !== 'BinaryExpression') return [];
  if (node.name === 'AssertStatement' && !goesOn) return [];
  return ofCondition(touched, node.name === 'ConditionalExpression' ? children[1] : (tests[0] ?? word?.firstChild));
};

function ofCondition(touched: Touched, test: Expression | null | undefined): Doubt[] {
  const all = operandsOf(test).map((each) => touched.held(each));
  const held = all.reduce((sum, own) => (own & PART ? sum | own : sum), 0);
  return test ? doubtIf(held, test, DECIDED, held) : [];
}

/** The operands of `and`, `or` and `not`. */
function operandsOf(test: Expression | null | undefined): Expression[] {
  if (!test) return [];
  const [first, second, third] = childrenOf(test);
  const isInner = test.name === 'ParenthesizedExpression' || (test.name === 'UnaryExpression' && first?.name === 'not');
  if (isInner) return operandsOf(second);
  const isJoined = test.name === 'BinaryExpression' && /^(?:and|or)$/.test(second?.name ?? '');
  return isJoined ? [...operandsOf(first), ...operandsOf(third)] : [test];
}

/** `group | {"lr": 1e-5}`, `_ = norm < 1 and optimizer.step()` */
const ofOperation: Judge = ({ touched, touches }, at) => {
  const isChoice = (at.getChild('and') ?? at.getChild('or')) && at.lastChild && touches(at.lastChild);
  return isChoice
    ? ofCondition(touched, at.firstChild)
    : doubtIf(at.getChild('BitOp') && touched.held(at), at, OWN_NUMBERS);
};

/** What is left out of a comprehension. */
const ofFilter: Judge = ({ touched }, node) =>
  node.getChildren('if').flatMap((mark) => ofCondition(touched, mark.nextSibling));

/** What a method gives back that replaces one of a trainer. */
const ofResult: Judge = ({ touched }, at) => {
  const scope = scopeAt(touched.program.outline, at.from);
  const row = scope.parent?.kind === 'class' ? classRow(touched.definitions.basesOf(scope.parent)) : null;
  const held = row?.returnsNothing?.test(scope.name) ? touched.all(elementsOf(at)) : 0;
  return doubtIf(held, at, l10n.t('The loss is computed with something of the run.'), held);
};

const DECIDED = l10n.t('This condition depends on something that a plan changes.');
const OWN_NUMBERS = l10n.t`A parameter group may have its own learning rate, weight decay or eps, which replaces the optimizer's.`;

/** What is asked about each kind of node. */
const JUDGES: Readonly<Record<string, Judge>> = {
  ...AROUND,
  CallExpression: ofCall,
  MemberExpression: ofMember,
  UpdateStatement: ofUpdate,
  DictionaryExpression: (asked, dict) => ofGroup(asked, dict, asked.touched.keysIn(dict)),
  BinaryExpression: ofOperation,
  ...Object.fromEntries([
    ...each('IfStatement WhileStatement AssertStatement MatchStatement ConditionalExpression', ofChoice),
    ...each('ExpressionStatement', ofChoice),
    ...each('ArgList ComprehensionExpression ArrayComprehensionExpression SetComprehensionExpression', ofFilter),
    ...each('DictionaryComprehensionExpression', ofFilter),
  ]),
  ReturnStatement: ofResult,
};
