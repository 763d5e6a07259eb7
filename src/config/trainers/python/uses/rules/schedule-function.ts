import { argumentsOf } from '../../../../syntax/python/names';
import { lastName } from '../../../../syntax/python/outline';
import type { Program } from '../../../../syntax/python/program';
import type { Expression } from '../../../../syntax/python/scope';

/** A name of a learning rate, in the function that a schedule takes its factors from. */
const RATE = /^(?:\w+_)?(?:lr|learning_rate)(?:_(?:min|max|end|init|final))?$|^eta_min$|^defaults$/i;

/** Whether the function that a `LambdaLR` is given names a learning rate, or is a method that is not in this text. */
export function namesRate({ text, outline }: Program, call: Expression): boolean {
  const { positional, keywords } = argumentsOf(text, call);
  const given = keywords.find(({ name }) => name === 'lr_lambda')?.value ?? positional[1];
  if (!given) return false;
  if (given.name !== 'VariableName' && given.name !== 'MemberExpression') return hasRate(text, given);
  const name = lastName(text, given);
  const own = outline.functions.filter((scope) => scope.name === name);
  return own.length === 0
    ? given.name === 'MemberExpression'
    : own.some(({ definition }) => hasRate(text, definition?.getChild('Body') ?? null));
}

function hasRate(text: string, node: Expression | null): boolean {
  let isNamed = false;
  node?.cursor().iterate((at) => {
    const isName = at.name === 'VariableName' || at.name === 'PropertyName';
    isNamed ||= isName && RATE.test(text.slice(at.from, at.to));
    return !isNamed;
  });
  return isNamed;
}
