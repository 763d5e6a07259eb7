import * as l10n from '@vscode/l10n';
import { bindingsOf, childrenOf } from '../../../../syntax/python/bindings';
import { lastName, scopeAt } from '../../../../syntax/python/outline';
import type { Program } from '../../../../syntax/python/program';
import type { Expression } from '../../../../syntax/python/scope';
import { elementsOf, isObject, itemsOf } from '../objects/assignments';
import { doubt } from '../doubts';
import type { Flow } from '../objects/flow';
import { CHANGED_ENTRIES } from '../objects/kinds';
import { useOf, type Use } from '../judge';

/** Names of a gradient norm, names that are one only in a comparison, and names that never are: `max_grad_norm`. */
const GRAD_NORM = /grad\w*norm|norm\w*grad|gnorm|total_norm/i;
const NORM = /norm/i;
const OTHER_NORM = /max_|clip|(?:layer|batch|group|rms|input|weight)_?norm|norm(?:al|_)/i;

const BY_NORM = doubt(l10n.t('This condition depends on the size of the gradient, which changes with alpha.'), true);

const BY_NUMBER = doubt(l10n.t('This condition depends on a number that a plan changes.'), true);

/**
 * What a script decides by the size of the gradient, or by a number that a plan changes: whether the optimizer steps, what is
 * clipped, when it ends.
 */
export function choicesByNorm(flow: Flow): Use[] {
  const { text, tree, outline } = flow.program;
  const clips = new Set((outline.callsByName.get('clip_grad_norm_') ?? []).map(({ from }) => from));
  const hasNorm = lookingAt(flow.program, {
    names: ['grad'],
    isNamed: (word, name) =>
      !OTHER_NORM.test(word) && (GRAD_NORM.test(word) || (NORM.test(word) && isCompared(text, name))),
    isCall: (call) => clips.has(call.from),
    isPart: (word) => word === 'grad_norm',
  });
  const isNumber = (expression: Expression | null): boolean =>
    expression !== null && flow.thingsOf(expression).some(({ kind }) => kind === 'number');
  const hasNumber = lookingAt(flow.program, {
    names: [],
    isNamed: (_, name) => isNumber(name.name === 'PropertyName' ? name.parent : name),
    isCall: (call) => /^get_(?:last_)?lr$/.test(lastName(text, call.firstChild)),
    isPart: (word, object) =>
      (CHANGED_ENTRIES.has(word) && flow.thingsOf(object).some(({ kind }) => kind === 'group')) ||
      (word === 'learning_rate' && /^logs$/.test(text.slice(object.from, object.to))),
  });
  const found: Use[] = [];
  tree.iterate({
    enter(at) {
      if (!CHOOSES.test(at.name)) return;
      for (const test of testsOf(text, at.node)) {
        if (hasNorm(test)) found.push(useOf(test, BY_NORM));
        else if (hasNumber(test)) found.push(useOf(test, BY_NUMBER));
      }
    },
  });
  return found;
}

/** How a number is recognised that decides something. */
interface Sought {
  /** Names that it always has. */
  names: readonly string[];
  isNamed: (word: string, name: Expression) => boolean;
  isCall: (call: Expression) => boolean;
  /** Whether it is a part of an object, by the part's word: `logs["grad_norm"]`, `logs.get("grad_norm")`. */
  isPart: (word: string, object: Expression) => boolean;
}

const CHOOSES = /^(?:If|While|Assert|Match)Statement$|^(?:Conditional|Binary)Expression$/;

/** What decides in a statement, or in an expression such as `norm < 10 and optimizer.step()`. */
function testsOf(text: string, node: Expression): Expression[] {
  if (node.name === 'ConditionalExpression') return [node];
  if (node.name === 'BinaryExpression') return node.parent?.name === 'ExpressionStatement' ? [node] : [];
  const bodies = node.getChildren('Body');
  const onlyTells = bodies.length > 0 && bodies.every((body) => childrenOf(body).every((line) => tells(text, line)));
  return onlyTells ? [] : childrenOf(node).filter(({ name }) => isObject(name));
}

/** Whether a statement prints or logs, or does nothing. */
function tells(text: string, { name, firstChild }: Expression): boolean {
  if (name === ':' || name === 'PassStatement') return true;
  const callee = name === 'ExpressionStatement' && firstChild?.name === 'CallExpression' ? firstChild.firstChild : null;
  return (
    callee !== null &&
    /^(?:p?print|info|debug|warn(?:ing)?|error|log\w*|write|add_scalar)$/.test(lastName(text, callee))
  );
}

/** Tells whether an expression looks at such a number, rather than testing it for NaN, infinity or None. */
function lookingAt({ text, tree, outline }: Program, sought: Sought): (expression: Expression) => boolean {
  /** Names that were given such a number, or what was computed from it. */
  const derived = new Set(sought.names);
  /** Functions that return such a number: `size`, or `size 1` if it is item 1 of what is returned. */
  const givers = new Set<string>();
  const source = ({ from, to }: Expression): string => text.slice(from, to);
  const isSought = (name: Expression): boolean => {
    const word = source(name);
    return derived.has(word) || (givers.has(word) && isCallee(name)) || sought.isNamed(word, name);
  };
  const isPart = (word: Expression): boolean => {
    const object = objectOf(text, word);
    return object !== null && sought.isPart(text.slice(word.from + 1, word.to - 1), object);
  };
  const looks = (expression: Expression): boolean => {
    let found = false;
    expression.cursor().iterate((at) => {
      if (at.name === 'CallExpression') found ||= sought.isCall(at.node);
      else if (at.name === 'String') found ||= isPart(at.node) && !isOnlyTested(text, at.node, expression);
      else if (NAME.test(at.name)) found ||= isSought(at.node) && !isOnlyTested(text, at.node, expression);
      return !found;
    });
    return found;
  };
  const derive = (node: Expression): void => {
    if (node.name === 'ReturnStatement') {
      const { name } = scopeAt(outline, node.from);
      const values = elementsOf(node).flatMap((value) => itemsOf(value) ?? [value]);
      values.forEach((value, i) => {
        if (value.name !== 'DictionaryExpression' && looks(value))
          givers.add(values.length > 1 ? `${name} ${i}` : name);
      });
    } else if (node.name === 'CallExpression') {
      // `sizes.append(p.grad.norm())`
      const list = lastName(text, node.firstChild) === 'append' ? node.firstChild?.firstChild : null;
      if (list && looks(node.lastChild ?? node)) derived.add(source(list));
    } else {
      const maker = lastName(text, node.lastChild?.firstChild ?? null);
      bindingsOf(text, node).forEach(({ name, value }, i) => {
        const given = value ?? node.lastChild;
        const isItem = givers.has(`${maker} ${i}`);
        if (given && (isItem || looks(given))) derived.add(name.split('.').at(-1) ?? name);
      });
    }
  };
  // A function may stand below what calls it.
  for (let round = 0, known = -1; round < ROUNDS && known < derived.size + givers.size; round += 1) {
    known = derived.size + givers.size;
    tree.iterate({ enter: (at) => void (DERIVES.test(at.name) && derive(at.node)) });
  }
  return looks;
}

/** The object of which a text names a part: `logs["grad_norm"]`, `logs.get("grad_norm")`. */
function objectOf(text: string, { parent }: Expression): Expression | null {
  if (parent?.name === 'MemberExpression') return parent.firstChild;
  const callee = parent?.name === 'ArgList' ? (parent.parent?.firstChild ?? null) : null;
  return callee && /^(?:get|pop)$/.test(lastName(text, callee)) ? callee.firstChild : null;
}

const ROUNDS = 4;
const NAME = /^(?:Variable|Property)Name$/;
const DERIVES = /^(?:Assign|Update|Return)Statement$|^CallExpression$/;

/** Whether a name is called: `size` of `size(parameters)` and of `self.size(parameters)`. */
function isCallee(name: Expression): boolean {
  const whole = name.name === 'PropertyName' ? name.parent : name;
  return whole?.parent?.name === 'CallExpression' && whole.parent.firstChild?.from === whole.from;
}

/** Whether a name stands in a comparison of sizes: `norm > 5`. */
function isCompared(text: string, name: Expression): boolean {
  let at: Expression | null = name;
  while (at && !(at.name === 'BinaryExpression' && at.getChild('CompareOp')) && !/Statement$/.test(at.name))
    at = at.parent;
  const operator = at?.getChild('CompareOp');
  return !!operator && /[<>]/.test(text.slice(operator.from, operator.to));
}

/** `isfinite(norm)`, `norm is None`, `norm > 0`, `norm != norm`, `norm == float("inf")`: no sizes are compared. */
function isOnlyTested(text: string, name: Expression, within: Expression): boolean {
  const source = ({ from, to }: Expression): string => text.slice(from, to);
  for (let at = name.parent; at && at.from >= within.from && at.to <= within.to; at = at.parent) {
    if (at.name === 'CallExpression' && /^is(?:nan|inf|finite)$/.test(lastName(text, at.firstChild))) return true;
    const { firstChild: left, lastChild: right } = at;
    if (at.name !== 'BinaryExpression' || at.getChild('ArithOp') || at.getChild('and') || at.getChild('or')) continue;
    return (
      !!left &&
      !!right &&
      (/^(?:None|0(?:\.0*)?)$/.test(source(right)) || source(left) === source(right) || /\binf\b/.test(source(right)))
    );
  }
  return false;
}
