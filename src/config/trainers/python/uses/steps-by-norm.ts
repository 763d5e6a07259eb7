import * as l10n from '@vscode/l10n';
import { bindingsOf } from '../../../syntax/python/bindings';
import { lastName } from '../../../syntax/python/outline';
import type { Program } from '../../../syntax/python/program';
import type { Expression } from '../../../syntax/python/scope';
import type { Flow } from './flow';
import type { Use } from './judge';
import { isObject } from './assignments';

/** Names with `norm` that are not the gradient norm: `max_grad_norm`, `layer_norm`. */
const OTHER_NORM = /^max_|(?:layer|batch|group|rms|input)_?norm|normal/i;

/** Conditions on the gradient norm that decide whether the optimizer steps. */
export function stepsByNorm(flow: Flow): Use[] {
  const { outline, tree } = flow.program;
  const steps = (outline.callsByName.get('step') ?? []).filter((call) => {
    const object = call.firstChild?.firstChild;
    return object ? flow.thingsOf(object).some(({ kind }) => kind === 'optimizer') : false;
  });
  if (steps.length === 0) return [];
  const isByNorm = normTest(flow.program);
  const found: Use[] = [];
  tree.iterate({
    enter({ name, node }) {
      for (const { test, end } of CHOOSES.test(name) ? choicesOf(node) : []) {
        if (!steps.some(({ from }) => from >= test.from && from < end) || !isByNorm(test)) continue;
        const range = { start: test.from, end: test.to };
        found.push({
          why: l10n.t('Whether the optimizer steps depends on the gradient norm.'),
          moves: true,
          range,
          things: [],
        });
      }
    },
  });
  return found;
}

const CHOOSES = /^(?:If|While)Statement$|^(?:Conditional|Binary)Expression$/;

/** The conditions of a statement, each with the end of what it decides; of an expression, the whole as both. */
function choicesOf(node: Expression): { test: Expression; end: number }[] {
  if (node.name.endsWith('Expression')) return [{ test: node, end: node.to }];
  return node.getChildren('Body').flatMap((body) => {
    const test = body.prevSibling;
    // The step is in the branch, or behind a branch that ends with `continue`, `break` or `return`.
    return test && isObject(test.name) ? [{ test, end: leaves(body) ? endOfRound(node) : body.to }] : [];
  });
}

/** Whether a branch ends a round, the loop or the function. */
function leaves(body: Expression): boolean {
  return ['ContinueStatement', 'BreakStatement', 'ReturnStatement'].some((name) => body.getChild(name));
}

/** Where the loop, or the function, around a statement ends. */
function endOfRound(statement: Expression): number {
  let at = statement;
  while (at.parent && !/^(?:For|While)Statement$|^FunctionDefinition$/.test(at.name)) at = at.parent;
  return at.to;
}

/** Tells whether a condition compares the gradient norm, rather than testing for NaN, infinity or None. */
function normTest({ text, tree, outline }: Program): (condition: Expression) => boolean {
  const clips = new Set((outline.callsByName.get('clip_grad_norm_') ?? []).map(({ from }) => from));
  const norms = new Set<string>();
  const isNorm = (name: string): boolean =>
    norms.has(name) || name === 'grad' || (/norm/i.test(name) && !OTHER_NORM.test(name));
  const source = ({ from, to }: Expression): string => text.slice(from, to);
  /** Whether something in an expression is a norm, or the call that clips. */
  const hasNorm = (expression: Expression, isHarmless: (name: Expression) => boolean): boolean => {
    let found = false;
    const cursor = expression.cursor();
    cursor.iterate(({ name, node }) => {
      found ||= clips.has(node.from) && name === 'CallExpression';
      found ||= /^(?:Variable|Property)Name$/.test(name) && isNorm(source(node)) && !isHarmless(node);
      return !found;
    });
    return found;
  };
  const isTest = (name: Expression, within: Expression): boolean => isOnlyTested(text, name, within);
  let chosenTo = 0;
  tree.iterate({
    enter({ name, node }) {
      if (name === 'IfStatement' && choicesOf(node).some(({ test }) => hasNorm(test, (norm) => isTest(norm, test)))) {
        chosenTo = Math.max(chosenTo, node.to);
      }
      if (name !== 'AssignStatement' && name !== 'UpdateStatement') return;
      // `skip = True` in a branch that the norm chooses is as good as the norm.
      const isChosen = node.from < chosenTo;
      for (const { name: bound, value } of bindingsOf(text, node)) {
        const given = value ?? node.lastChild;
        if (isChosen || (given && hasNorm(given, (norm) => isTest(norm, given))))
          norms.add(bound.split('.').at(-1) ?? '');
      }
    },
  });
  return (condition) => hasNorm(condition, (name) => isTest(name, condition));
}

/** `isfinite(norm)`, `norm is None`, `norm != norm`, `norm == float("inf")`: no sizes are compared. */
function isOnlyTested(text: string, name: Expression, within: Expression): boolean {
  for (let at = name.parent; at && at.from >= within.from && at.to <= within.to; at = at.parent) {
    if (at.name === 'CallExpression' && /^is(?:nan|inf|finite)$/.test(lastName(text, at.firstChild))) return true;
    if (at.name !== 'BinaryExpression' || at.getChild('and') || at.getChild('or')) continue;
    const source = text.slice(at.from, at.to);
    return /\bis\s|!=|\binf\b/.test(source) && !/[<>]/.test(source);
  }
  return false;
}
