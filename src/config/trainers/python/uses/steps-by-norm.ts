import * as l10n from '@vscode/l10n';
import type { Program } from '../../../syntax/python/program';
import type { Expression } from '../../../syntax/python/scope';
import type { Flow } from './flow';
import type { Use } from './judge';
import { isObject } from './moves';

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
    enter(at) {
      if (at.name !== 'IfStatement') return;
      for (const { test, body } of branchesOf(at.node)) {
        // The step is in the branch, or behind a branch that ends with `continue`, `break` or `return`.
        const end = leaves(body) ? (at.node.parent?.to ?? 0) : body.to;
        if (!steps.some(({ from }) => from > test.to && from < end) || !isByNorm(test)) continue;
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

/** The conditions of an `if`, each with what it decides. */
function branchesOf(statement: Expression): { test: Expression; body: Expression }[] {
  return statement.getChildren('Body').flatMap((body) => {
    const test = body.prevSibling;
    return test && isObject(test.name) ? [{ test, body }] : [];
  });
}

/** Whether a branch ends a round, the loop or the function. */
function leaves(body: Expression): boolean {
  return ['ContinueStatement', 'BreakStatement', 'ReturnStatement'].some((name) => body.getChild(name));
}

/** Tells whether a condition compares the gradient norm, rather than testing for NaN, infinity or None. */
function normTest({ text, outline }: Program): (condition: Expression) => boolean {
  const clips = outline.callsByName.get('clip_grad_norm_') ?? [];
  const norms = new Set(
    clips.flatMap(({ parent }) => {
      const target = parent?.name === 'AssignStatement' ? parent.firstChild : null;
      return target ? [text.slice(target.from, target.to)] : [];
    }),
  );
  const isNorm = (name: string): boolean =>
    norms.has(name) || name === 'grad' || (/norm/i.test(name) && !OTHER_NORM.test(name));
  return (condition) => {
    const source = text.slice(condition.from, condition.to);
    // `norm is None`, `norm != norm`, `norm == float("inf")` compare no sizes.
    if (/\bis\s|!=|\binf\b/.test(source) && !/[<>]/.test(source)) return false;
    const names: string[] = [];
    condition.toTree().iterate({
      enter({ name, from, to }) {
        if (name === 'VariableName' || name === 'PropertyName')
          names.push(text.slice(condition.from + from, condition.from + to));
      },
    });
    return names.some(isNorm) && !names.some((name) => /^is(?:nan|inf|finite)$/.test(name));
  };
}
