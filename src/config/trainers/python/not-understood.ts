import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { forLast } from '../../syntax/for-last';
import { childrenOf, elementsOf, isTarget, pairsOf, partName } from '../../syntax/python/nodes';
import type { Expression, Place } from '../../syntax/python/nodes';
import { scopeAt } from '../../syntax/python/outline';
import type { Program } from '../../syntax/tree';
import { countWhile } from '../../syntax/search';
import { bindingsOfName } from '../../syntax/python/names';
import { doubtOfArguments, type Doubt, type ReadCalls } from './given';
import { METHODS, NUMBERS, PART, SETTABLE, type Held } from './harmless';
import { DECIDES, rowOf } from './harmless-calls';
import { classRow, PLAIN_BASES } from './harmless-classes';
import { touchedIn } from './spread';
import { doubtsAround } from './surroundings';
import { afterTraining, madeAgain } from './training';
import type { Touched } from './touched';

/** Python's own ways to reach any object, or to run code that is not in the text. */
const REFLECTS =
  /^(?:exec|eval|compile|globals|locals|__import__|importlib\.\w+|delattr|sys\.(?:settrace|_getframe)|gc\.get_\w+)$/;
/** Hooks around every optimizer or layer. */
const HOOKS = /(?:^|\.)register_(?:optimizer_step|module)_\w*hook$/;
/** Names of classes that are known from known packages alone. */
const LOOKS_LIKE = /(?:TrainingArguments|LoraConfig|(?<!Patch\w*)Trainer)$/;
/** Attributes of libraries that have nothing to do with training. */
const PLAIN_PATCHES =
  /^(?:os\.environ|\w+\.__version__|Settings\.(?:llm|embed_model)$|(?:torch\.(?:backends|_dynamo|npu)|sys|locale|plt|np|warnings|logging|pd)\.)/;
const CAST = /\.(?:to|float|double|cuda|cpu|contiguous)\((?!.*(?:16|half|bf))[^()]*\)$/;
const NAMED = /^(?:Variable|Member)(?:Name|Expression)$/;

/** Several trainers read the same script one after another. */
const analysed = forLast(1, touchedIn);

/**
 * Every part of a script that touches a run and is not known to be harmless: calls, assignments, conditions, classes,
 * decorators and contexts.
 */
export function notUnderstoodIn(program: Program, read: ReadCalls): Unread[] {
  const touched = analysed(program);
  const places: number[] = [];
  const doubts: Doubt[] = [];
  const judge = new Judge(touched, read, (doubt) => void doubts.push(doubt));
  program.tree.iterate({
    enter(at) {
      if (NAMED.test(at.name) && touched.held(at.node)) places.push(at.from);
      judge.look(at.name, at);
    },
  });
  const touches = ({ from, to }: Place): boolean => (places[countWhile(places, (place) => place < from)] ?? to) < to;
  doubts.push(...doubtsAround(touched, touches), ...madeAgain(touched));
  const isAfter = afterTraining(touched);
  return doubts.flatMap(({ at, why, held }): Unread[] => {
    if (isAfter(at.from)) return [];
    return [{ range: { start: at.from, end: at.to }, why, mayMove: (held & NUMBERS) !== 0 }];
  });
}

class Judge {
  constructor(
    private readonly touched: Touched,
    private readonly read: ReadCalls,
    private readonly say: (doubt: Doubt) => void,
  ) {}

  look(name: string, at: { node: Expression }): void {
    if (name === 'MemberExpression') this.member(at.node);
    else if (name === 'CallExpression') this.call(at.node);
    else if (name === 'DictionaryExpression') this.group(at.node, pairsOf(at.node).map(this.keyOf));
    else if (name === 'BinaryExpression') this.joined(at.node);
    else if (name === 'UpdateStatement') this.update(at.node);
    else if (/^(?:If|While|Assert|Match)Statement$|^Conditional/.test(name)) this.choice(at.node);
    else if (name === 'ReturnStatement') this.result(at.node);
    else if (/Comprehension|^ArgList$/.test(name))
      for (const mark of at.node.getChildren('if')) this.condition(mark.nextSibling);
    else if (name === 'ExpressionStatement' && at.node.firstChild?.name === 'BinaryExpression')
      this.condition(at.node.firstChild.firstChild);
  }

  private call(call: Expression): void {
    const called = this.touched.called(call);
    const { row, own, owner, path } = called;
    const name = called.name || this.touched.source(call.firstChild).slice(0, 40);
    const given = this.touched.given(call);
    const held = owner | this.touched.all(given.all);
    const unknown = l10n.t`LoRA Alpha does not know what ${name} does to the run.`;
    const say = (why: string, holds: Held): void => {
      this.say({ at: call, why, held: holds });
    };
    if (/^(?:__)?setattr/.test(name)) return this.setting(call, given.positional);
    if (path !== null && own.length === 0 && (REFLECTS.test(path) || HOOKS.test(path))) {
      const isApart = /^(?:eval|exec)$/.test(path) && given.positional.length > 1;
      if (!isApart && !this.isOnlyRead(path, call)) say(l10n.t`${name} may run or change anything.`, NUMBERS);
    } else if (path === 'dict' && held && given.keywords.length > 1) {
      const keys = given.keywords.map((keyword) => keyword.name);
      this.group(call, keys);
    } else if (own.length > 0) {
      const bases = own.filter(({ kind }) => kind === 'class').map((scope) => this.touched.definitions.basesOf(scope));
      const isPlain = bases.every((all) => classRow(all) !== null || all.every((base) => PLAIN_BASES.test(base)));
      if (held && !isPlain) say(unknown, held);
    } else if (row) {
      const doubt = doubtOfArguments(this.touched, this.read, call, called);
      if (doubt) this.say(doubt);
    } else if (path !== null && LOOKS_LIKE.test(name)) {
      say(l10n.t`${name} comes from a module that LoRA Alpha does not know.`, NUMBERS);
    } else if (held || (path !== null && DECIDES.test(path) && rowOf(path) === null)) {
      say(unknown, held);
    }
  }

  /** `"lr" in globals()`, `del globals()["rows"]` */
  private isOnlyRead(path: string, { parent }: Expression): boolean {
    if (!/^(?:globals|locals)$/.test(path) || parent?.name === 'AssignStatement') return false;
    if (parent?.name !== 'MemberExpression') return true;
    const isChanged = isTarget(parent) || parent.lastChild?.name === 'PropertyName';
    return !isChanged || parent.parent?.name === 'DeleteStatement';
  }

  private maySet(name: string | null, value: Expression | null | undefined): boolean {
    const source = this.touched.source(value);
    if (name === 'requires_grad') return source === 'False';
    if (name === 'grad') return source === 'None';
    if (name === 'data') return CAST.test(source) && this.touched.held(value) !== 0;
    return name !== null && SETTABLE.has(name) && !(this.touched.held(value) & PART);
  }

  /** `setattr(object, "name", value)` */
  private setting(call: Expression, [object, word, value]: readonly Expression[]): void {
    const owner = this.touched.held(object);
    const isPatch = object !== undefined && this.touched.definitions.isOfLibrary(object) && !owner;
    if (!owner && !isPatch && !this.touched.held(value)) return;
    const name = word?.name === 'String' ? this.touched.source(word).slice(1, -1) : null;
    if (isPatch || !this.maySet(name, value))
      this.say({ at: call, why: l10n.t('It sets something of the run.'), held: owner || NUMBERS });
  }

  /** A part of an object is set: `args.learning_rate = 1`, `group["lr"] = 1`, `torch.optim.AdamW.step = f`. */
  private member(member: Expression): void {
    const { firstChild: object, parent } = member;
    if (!object || !parent || parent.name === 'DeleteStatement' || !isTarget(member)) return;
    const isAttribute = member.lastChild?.name === 'PropertyName';
    const name = partName(this.touched.program.text, member);
    const value = parent.name === 'AssignStatement' ? parent.lastChild : null;
    const at = /^(?:Assign|Update)Statement$/.test(parent.name) ? parent : member;
    const owner = this.touched.held(object);
    const isForeign = this.touched.definitions.isOfLibrary(object) && !PLAIN_PATCHES.test(this.touched.source(member));
    const isImported = isForeign && (this.touched.held(value) !== 0 || this.isBound(object));
    const isMethod = name !== null && METHODS.get(name)?.isOfWhole && this.touched.source(object) !== 'self';
    const isPrecision = /^os\.environ\[.ACCELERATE_MIXED/.test(this.touched.source(member));
    if (owner ? !this.maySet(name, value) : isPrecision || (isAttribute && (isImported || isMethod)))
      this.say({ at, why: l10n.t`It sets ${name ?? '…'} of the run.`, held: owner || NUMBERS });
  }

  private isBound(object: Expression): boolean {
    let root = object;
    while (root.firstChild && root.name !== 'VariableName') root = root.firstChild;
    return bindingsOfName(this.touched.program.text, this.touched.program.outline, root).length > 0;
  }

  /** `p += 1` changes a parameter in place. */
  private update(statement: Expression): void {
    const [target] = childrenOf(statement);
    const held = target?.name === 'VariableName' ? this.touched.held(target) : 0;
    if (held) this.say({ at: statement, why: l10n.t`It sets ${this.touched.source(target)} of the run.`, held });
  }

  private readonly keyOf = (pair: ReturnType<typeof pairsOf>[number]): string =>
    'key' in pair ? this.touched.source(pair.key).slice(1, -1) : '';

  /** A parameter group that sets its own numbers. Groups given to the optimizer are already read (`read.groups`). */
  private group(at: Expression, keys: readonly string[]): void {
    const isPlain = !keys.includes('params') || keys.every((key) => /^(?:params|name)$/.test(key));
    if (isPlain || this.read.groups.has(at.from) || !this.touched.held(at)) return;
    this.say({ at, why: OWN_NUMBERS, held: NUMBERS });
  }

  /** `group | {"lr": 1e-5}` */
  private joined(at: Expression): void {
    if (at.getChild('BitOp') && this.touched.held(at)) this.say({ at, why: OWN_NUMBERS, held: NUMBERS });
  }

  /** A branch that is chosen by something of the run. */
  private choice(node: Expression): void {
    const children = childrenOf(node);
    const [first, ...more] = children.filter(({ name }, i) => i > 0 && /Expression$|Name$/.test(name));
    if (node.name === 'ConditionalExpression') return this.condition(children[2]);
    for (const test of node.name === 'IfStatement' ? [first, ...more] : [first]) this.condition(test);
    const subject = node.name === 'MatchStatement' ? this.touched.held(first) : 0;
    if (first && subject) this.say({ at: first, why: DECIDED, held: subject });
  }

  private condition(test: Expression | null | undefined): void {
    const held = operandsOf(test).reduce((sum, each) => {
      const own = this.touched.held(each);
      return own & PART ? sum | own : sum;
    }, 0);
    if (test && held) this.say({ at: test, why: DECIDED, held });
  }

  /** What a method gives back that replaces one of a trainer. */
  private result(at: Expression): void {
    const scope = scopeAt(this.touched.program.outline, at.from);
    const row = scope.parent?.kind === 'class' ? classRow(this.touched.definitions.basesOf(scope.parent)) : null;
    const held = row?.returnsNothing?.test(scope.name) ? this.touched.all(elementsOf(at)) : 0;
    if (held) this.say({ at, why: l10n.t('The loss is computed with something of the run.'), held });
  }
}

const DECIDED = l10n.t('This condition depends on something that a plan changes.');
const OWN_NUMBERS = l10n.t`A parameter group may have its own learning rate, weight decay or eps, which replaces the optimizer's.`;

/** The operands of `and`, `or` and `not`. */
function operandsOf(test: Expression | null | undefined): Expression[] {
  if (!test) return [];
  const [first, second, third] = childrenOf(test);
  const isInner = test.name === 'ParenthesizedExpression' || (test.name === 'UnaryExpression' && first?.name === 'not');
  if (isInner) return operandsOf(second);
  const isJoined = test.name === 'BinaryExpression' && /^(?:and|or)$/.test(second?.name ?? '');
  return isJoined ? [...operandsOf(first), ...operandsOf(third)] : [test];
}
