import { childrenOf } from '../../syntax/python/bindings';
import { argumentsOf } from '../../syntax/python/names';
import { lastName, scopeAt } from '../../syntax/python/outline';
import type { Expression, Scope } from '../../syntax/python/scope';
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
            why: 'It goes on from a saved state, which belongs to the alpha it was trained at.',
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

/** What accelerate calls to load a state; whether one is loaded is judged where it is asked for. */
export function isInLoadHook({ text, outline: { callsByName, ...outline } }: Flow['program'], offset: number): boolean {
  const hooks = (callsByName.get('register_load_state_pre_hook') ?? []).flatMap((call) =>
    argumentsOf(text, call).positional.map(({ from, to }) => text.slice(from, to)),
  );
  if (hooks.length === 0) return false;
  for (let scope: Scope | null = scopeAt(outline, offset); scope; scope = scope.parent) {
    if (scope.kind === 'function' && hooks.includes(scope.name)) return true;
  }
  return false;
}

/** Calls that train, or may. */
const ACTS: ReadonlySet<string> = new Set([
  ...['train', 'fit', 'learn', 'unsloth_train', 'backward', 'step', 'main', 'run', 'launch', 'notebook_launcher'],
  ...['training_loop', 'sweep', 'agent', 'start', 'distill'],
]);

/** Functions of this text with a call in them that may train, or of another such function. */
function trainingFunctions(flow: Flow): ReadonlySet<Scope> {
  const { text, outline } = flow.program;
  const training = new Set<Scope>();
  for (let before = -1; before < training.size;) {
    before = training.size;
    for (const call of outline.calls) {
      const called = flow.calledIn(call)?.scope;
      if (!ACTS.has(lastName(text, call.firstChild)) && !(called && training.has(called))) continue;
      for (let scope: Scope | null = scopeAt(outline, call.from); scope; scope = scope.parent) training.add(scope);
    }
  }
  return training;
}

/**
 * Tells of a place whether it comes behind everything that trains: no call in its own function, or of a function of
 * this text, does so later.
 */
export function trainingEnds(flow: Flow): (offset: number) => boolean {
  const { text, outline, tree } = flow.program;
  const training = trainingFunctions(flow);
  const lasts = new Map<Scope, Expression>();
  for (const call of outline.calls) {
    const called = flow.calledIn(call)?.scope;
    const mayTrain = ACTS.has(lastName(text, call.firstChild)) || (called !== undefined && training.has(called));
    if (mayTrain) lasts.set(scopeAt(outline, call.from), call);
  }
  return (offset) => {
    const own = scopeAt(outline, offset);
    const last = own.kind === 'class' ? undefined : lasts.get(own);
    if (!last || last.to > offset || !ACTS.has(lastName(text, last.firstChild))) return false;
    for (let node: Expression | null = tree.resolveInner(offset, 1); node; node = node.parent) {
      if (/^(?:For|While)Statement$/.test(node.name) && node.from <= last.from) return false;
    }
    return true;
  };
}
