import { argumentsOf } from '../../../../syntax/python/names';
import { lastName } from '../../../../syntax/python/outline';
import type { Program } from '../../../../syntax/python/program';
import type { Expression } from '../../../../syntax/python/scope';
import { bindingsBehind } from '../objects/bindings-behind';
import { modelOf } from '../objects/lora-calls';

/**
 * The models of which LoRA is put into a part: of `net.body = get_peft_model(net.body, config)` it is `net`. Its other
 * parts train as they did before, unless the script freezes the whole.
 */
export function modelsAround(program: Program): ReadonlySet<string> {
  const source = ({ from, to }: Expression): string => program.text.slice(from, to);
  const found = new Set<string>();
  for (const call of program.outline.calls) {
    const model = modelOf(program.text, call);
    const values = model?.name === 'VariableName' ? (bindingsBehind(program, model) ?? []) : [{ value: model }];
    for (const { value } of values.slice(0, MOST_VALUES)) {
      const around = value?.name === 'MemberExpression' ? value.firstChild : null;
      if (around && source(around) !== 'self') found.add(source(around));
    }
  }
  if (found.size > 0) for (const frozen of frozenIn(program)) found.delete(frozen);
  return found;
}

const MOST_VALUES = 20;

/** Objects that a script freezes: `net.requires_grad_(False)`, `freeze(net)`, `for p in net.parameters(): …`. */
function frozenIn({ text, tree }: Program): string[] {
  const found: string[] = [];
  tree.iterate({
    enter(at) {
      if (at.name !== 'CallExpression' && at.name !== 'ForStatement') return;
      const { node } = at;
      const source = text.slice(at.from, at.to);
      if (at.name === 'ForStatement') {
        const isFreezing = /requires_grad(?:_\(| *= *)False/.test(source);
        const [, whole] = /\bin ([\w.]+)\.(?:named_)?parameters\(/.exec(source) ?? [];
        if (isFreezing && whole !== undefined) found.push(whole);
      } else {
        const callee = node.firstChild;
        const name = lastName(text, callee);
        const { positional } = argumentsOf(text, node);
        const given = positional.map(({ from, to }) => text.slice(from, to));
        const object = callee?.name === 'MemberExpression' && callee.firstChild;
        if (/freeze|prepare_model_for_(?:kbit|int8)_training/.test(name)) found.push(...given);
        if (object && (/freeze/.test(name) || (name === 'requires_grad_' && given[0] === 'False')))
          found.push(text.slice(object.from, object.to));
      }
    },
  });
  return found;
}
