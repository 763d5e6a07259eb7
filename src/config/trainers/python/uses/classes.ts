import { childrenOf } from '../../../syntax/python/bindings';
import { argumentsOf } from '../../../syntax/python/names';
import { lastName } from '../../../syntax/python/outline';
import type { Expression } from '../../../syntax/python/scope';
import type { Use } from './judge';
import type { Flow } from './flow';
import { TRAINING } from './kinds';
import { DECIDING_ARGUMENTS, OVERRIDES, PATCHED, type Doubt } from './tables';

/** Classes and libraries that a script changes for itself, and code that it makes while it runs. */
export function doubtfulChanges({ program }: Flow): Use[] {
  const { text, tree, path } = program;
  const uses: Use[] = [];
  const add = ({ from, to }: Expression, doubt: Doubt): void => {
    uses.push({ ...doubt, range: { start: from, end: to }, things: [] });
  };
  tree.iterate({
    enter({ name, node }) {
      if (name === 'ClassDefinition') uses.push(...inClass(program, node));
      else if (name === 'AssignStatement') {
        const target = node.firstChild;
        if (target?.name !== 'MemberExpression' || target.lastChild?.name !== 'PropertyName' || !target.firstChild)
          return;
        const attribute = text.slice(target.lastChild.from, target.lastChild.to);
        const owner = path(target.firstChild);
        const known = /Trainer$/.test(owner) ? OVERRIDES[attribute] : undefined;
        if (known) add(node, known);
        else if (PATCHED.test(owner)) add(node, { why: `It replaces ${attribute} of ${owner}.`, moves: true });
      } else if (name === 'CallExpression') {
        const called = lastName(text, node.firstChild);
        const whole = node.firstChild ? text.slice(node.firstChild.from, node.firstChild.to) : '';
        if (whole === 'exec' && argumentsOf(text, node).positional.length < 2)
          add(node, { why: 'It runs code that is not in this file.', moves: true });
        else if (called === 'load_state' && /accelerator/i.test(whole)) {
          add(node, {
            why: 'It loads a saved state, which belongs to the alpha it was trained at.',
            moves: false,
          });
        } else if (called === 'update' && /^globals\(\)/.test(whole)) {
          add(node, { why: 'It sets variables whose names are computed.', moves: true });
        }
      }
      if (name === 'MemberExpression' && /^globals\(\)\s*\[/.test(text.slice(node.from, node.from + 20))) {
        if (node.parent?.name === 'AssignStatement' && node.parent.firstChild?.from === node.from) {
          add(node.parent, { why: 'It sets a variable whose name is computed.', moves: true });
        }
      }
    },
  });
  return uses;
}

/** Methods of a trainer that a class replaces, and training arguments whose defaults it sets. */
function inClass({ text, path, outline: { callsByName } }: Flow['program'], definition: Expression): Use[] {
  const bases = childrenOf(definition.getChild('ArgList') ?? definition).filter(({ name }) =>
    /Name$|Expression$/.test(name),
  );
  const paths = bases.map((base) => path(base));
  const body = definition.getChild('Body');
  if (!body) return [];
  const isTrainer = paths.some((base) => /Trainer$/.test(base));
  const own = definition.getChild('VariableName');
  const isCalled = own !== null && callsByName.has(text.slice(own.from, own.to));
  const isArguments = paths.some((base) => TRAINING.test(base));
  return childrenOf(body).flatMap((statement): Use[] => {
    const method = statement.name === 'DecoratedStatement' ? statement.getChild('FunctionDefinition') : statement;
    const at = method?.name === 'FunctionDefinition' ? method.getChild('VariableName') : statement.firstChild;
    const name = at ? text.slice(at.from, at.to) : '';
    const doubt = isTrainer && method?.name === 'FunctionDefinition' ? OVERRIDES[name] : undefined;
    const range = { start: statement.from, end: method?.getChild('Body')?.from ?? statement.to };
    if (doubt) return [{ ...doubt, range, things: [] }];
    const isDefault = isArguments && isCalled && statement.name === 'AssignStatement' && DECIDING_ARGUMENTS.has(name);
    return isDefault
      ? [{ why: `It is the default of ${name} in a class of this file.`, moves: true, range, things: [] }]
      : [];
  });
}
