import * as l10n from '@vscode/l10n';
import type { Expression } from '../../syntax/python/nodes';
import { scopeAt } from '../../syntax/python/outline';
import type { Doubt } from './given';
import type { Touched } from './touched';

/** What a script makes more than once: the printed code divides one model, for one training. */
export function madeAgain(touched: Touched): Doubt[] {
  const { outline } = touched.program;
  const follows = (call: Expression, i: number, calls: readonly Expression[]): boolean =>
    calls.slice(0, i).some(({ from }) => scopeAt(outline, from) === scopeAt(outline, call.from));
  /** Whether a call stands in a loop, or in a function that is called in a loop or several times. */
  const isRepeated = (call: Expression): boolean => {
    const scope = scopeAt(outline, call.from);
    const calls = (outline.callsByName.get(scope.name) ?? []).filter((one) => touched.called(one).own.includes(scope));
    const isAgain = scope.kind === 'function' && calls.some((one, i) => isLooped(one) || follows(one, i, calls));
    return isAgain || isLooped(call);
  };
  const isTrainer = (call: Expression): boolean => {
    const { row, own, name } = touched.called(call);
    const bases = own.flatMap((scope) => (scope.kind === 'class' ? touched.definitions.basesOf(scope) : []));
    return (row?.takes === 'trainer' && name !== 'add_callback') || bases.some((base) => /Trainer$/.test(base));
  };
  const models = (outline.callsByName.get('get_peft_model') ?? []).filter((call) => touched.called(call).row !== null);
  const trainers = outline.calls.filter(isTrainer);
  const again = [
    ...trainers.filter((call, i) => isRepeated(call) || follows(call, i, trainers)),
    ...outline.calls.filter((call) => touched.called(call).row?.takes === 'parameters' && isRepeated(call)),
  ];
  const second = l10n.t('It puts LoRA into a second model, whose factors have to be divided as well.');
  const more = l10n.t('It trains more than once, and the printed code is for one training.');
  return [
    ...models.filter(follows).map((at) => ({ at, why: second, held: 0 })),
    ...again.map((at) => ({ at, why: more, held: 0 })),
  ];
}

function isLooped(node: Expression): boolean {
  for (let around = node.parent; around && around.name !== 'FunctionDefinition'; around = around.parent) {
    if (/^(?:For|While)Statement$|ComprehensionExpression$/.test(around.name)) return true;
  }
  return false;
}
