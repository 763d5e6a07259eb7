import * as l10n from '@vscode/l10n';
import { scopeAt } from '../../../syntax/python/outline';
import type { Expression, Scope } from '../../../syntax/python/scope';
import type { Flow } from './flow';
import { doubt } from './doubts';
import { useOf, type Use } from './judge';

const SECOND_MODEL = doubt(l10n.t('It puts LoRA into a second model, whose factors have to be divided as well.'));
const TRAINS_AGAIN = doubt(l10n.t('It trains more than once, and the printed code is for one training.'));

/** What a script makes more than once. The printed code divides one model, for one training. */
export function madeAgain(flow: Flow): Use[] {
  const { outline, path } = flow.program;
  const models = outline.calls.filter(
    ({ firstChild }) => firstChild && /(?:^|\.)get_peft_model$/.test(path(firstChild)),
  );
  const trainers = outline.calls.filter((call) => flow.makes(call) === 'trainer');
  const optimizers = outline.calls.filter((call) => flow.makes(call) === 'optimizer');
  return [
    ...models.slice(1).map((call) => useOf(call, SECOND_MODEL)),
    ...[...trainers.slice(1), ...[...trainers, ...optimizers].filter(repetitionIn(flow))].map((call) =>
      useOf(call, TRAINS_AGAIN),
    ),
  ];
}

/** Tells whether a call is in a loop, or in a function that is called in a loop or more than once. */
function repetitionIn({ program: { outline } }: Flow): (call: Expression) => boolean {
  const known = new Map<Scope, boolean>();
  const isCalledAgain = ({ kind, name, parent }: Scope): boolean => {
    const isMethod = parent?.kind === 'class';
    const called = name === '__init__' && isMethod ? parent.name : name;
    const calls = (outline.callsByName.get(called) ?? []).filter(
      ({ firstChild }) => isMethod || firstChild?.name === 'VariableName',
    );
    return kind === 'function' && (calls.length > 1 || calls.some(isLooped));
  };
  return (call) => {
    const scope = scopeAt(outline, call.from);
    const isAgain = known.get(scope) ?? isCalledAgain(scope);
    known.set(scope, isAgain);
    return isAgain || isLooped(call);
  };
}

function isLooped(node: Expression): boolean {
  for (let around = node.parent; around && around.name !== 'FunctionDefinition'; around = around.parent) {
    if (/^(?:For|While)Statement$|ComprehensionExpression$/.test(around.name)) return true;
  }
  return false;
}
