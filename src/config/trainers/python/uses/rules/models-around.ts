import { childrenOf } from '../../../../syntax/python/bindings';
import { argumentsOf } from '../../../../syntax/python/names';
import { lastName } from '../../../../syntax/python/outline';
import type { Program } from '../../../../syntax/python/program';
import type { Expression } from '../../../../syntax/python/scope';
import { bindingsBehind } from '../objects/bindings-behind';
import { modelOf } from '../objects/lora-calls';

/**
 * Models that have LoRA in one part alone: `net` in `net.body = get_peft_model(net.body, config)`. The other parts train as
 * before, unless the script freezes `net`.
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

/**
 * Objects that a script freezes whole: `net.requires_grad_(False)`, `freeze(net)`, `for p in net.parameters(): …`. None if
 * it may make anything trainable again.
 */
function frozenIn({ text, tree }: Program): string[] {
  const found: string[] = [];
  let makesTrainable = false;
  const source = ({ from, to }: Expression): string => text.slice(from, to);
  /** `net` of `net.parameters()` */
  const objectOf = (call: Expression): Expression[] => {
    const callee = call.name === 'CallExpression' ? call.firstChild : null;
    return callee?.name === 'MemberExpression' && callee.firstChild ? [callee.firstChild] : [];
  };
  tree.iterate({
    enter({ name: kind, node }) {
      if (kind === 'ForStatement') {
        const lines = childrenOf(node.getChild('Body') ?? node).filter(({ name }) => name !== ':');
        const [over] = node.getChildren('CallExpression');
        const isWhole = over && /^(?:named_)?parameters$/.test(lastName(text, over.firstChild));
        if (isWhole && lines.every((line) => FREEZES.test(source(line)))) found.push(...objectOf(over).map(source));
      } else if (kind === 'CallExpression') {
        const name = lastName(text, node.firstChild);
        const given = argumentsOf(text, node).positional.map(source);
        const isFreezing = FREEZERS.test(name) || (name === 'requires_grad_' && given[0] === 'False');
        if (isFreezing) found.push(...given, ...objectOf(node).map(source));
        makesTrainable ||= !isFreezing && /requires_grad_|unfreeze/.test(name);
      } else if (kind === 'AssignStatement') {
        makesTrainable ||= /\.requires_grad\s*=(?!\s*False$)/.test(source(node));
      }
    },
  });
  return makesTrainable ? [] : found;
}

/** A line that freezes a parameter, whatever the parameter. */
const FREEZES = /^\w+\.requires_grad(?:_\(False\)|\s*=\s*False)$/;
/** Functions and methods that freeze a whole model. */
const FREEZERS =
  /^_?freeze(?:_(?:all|base|model|net|network|parameters|params|weights|whole))*$|^prepare_model_for_\w+_training$/;
