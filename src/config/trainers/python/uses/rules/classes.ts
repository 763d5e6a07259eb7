import * as l10n from '@vscode/l10n';
import { childrenOf } from '../../../../syntax/python/bindings';
import { argumentsOf, ownerOf } from '../../../../syntax/python/names';
import { lastName, scopeAt } from '../../../../syntax/python/outline';
import type { Expression } from '../../../../syntax/python/scope';
import { isOnlyRead } from '../../../../syntax/python/tampering';
import { useOf, type Use } from '../judge';
import type { Flow } from '../objects/flow';
import { KNOWN, madeBy, TRAINING } from '../objects/kinds';
import { DECIDING_ARGUMENTS, OVERRIDES, PATCHED, type Doubt } from '../doubts';

/** Classes and libraries that a script changes for itself, and code that it makes while it runs. */
export function doubtfulChanges(flow: Flow): Use[] {
  const { program } = flow;
  const { text, tree, outline } = program;
  const family = trainersFamily(flow);
  const uses: Use[] = [];
  tree.iterate({
    enter(at) {
      if (at.name === 'ClassDefinition') uses.push(...inClass(flow, at.node, family));
      else if (at.name === 'AssignStatement') uses.push(...patched(program, at.node));
      else if (at.name === 'ImportStatement') uses.push(...imported(program, at.node));
    },
  });
  const add = (name: string, isMeant: (call: Expression) => boolean, doubt: Doubt): void => {
    for (const call of outline.callsByName.get(name) ?? [])
      if (isMeant(call)) uses.push(useOf(statementOf(call), doubt));
  };
  const isOwn = (call: Expression): boolean => call.firstChild?.name === 'VariableName';
  add('exec', (call) => isOwn(call) && argumentsOf(text, call).positional.length < 2, RUNS_CODE);
  // `del globals()["inputs"]` gives no variable another value.
  const isDeleted = ({ parent }: Expression): boolean => parent?.parent?.name === 'DeleteStatement';
  add('globals', (call) => isOwn(call) && !isOnlyRead(text, call) && !isDeleted(call), SETS_ANY);
  for (const call of outline.callsByName.get('setattr') ?? []) uses.push(...patchedByName(program, call));
  add('load_state', ({ firstChild }) => /accelerator/i.test(lastName(text, firstChild?.firstChild ?? null)), LOADS);
  return uses;
}

const RUNS_CODE: Doubt = { why: l10n.t('It runs code that is not in this file.'), moves: true };
const SETS_ANY: Doubt = { why: l10n.t('It sets a variable whose name is computed.'), moves: true };
const LOADS: Doubt = {
  why: l10n.t('It loads a saved state, which belongs to the alpha it was trained at.'),
  moves: false,
};

/** The assignment or the call that a part of a call's result stands in: `globals()["lr"] = 3`. */
function statementOf(call: Expression): Expression {
  const { parent } = call;
  if (parent?.name === 'AssignStatement') return parent;
  const isPart =
    parent?.name === 'MemberExpression' || (parent?.name === 'CallExpression' && parent.from === call.from);
  return isPart && parent ? statementOf(parent) : call;
}

/** `Trainer.create_optimizer = mine`, `torch.optim.AdamW.step = mine` */
function patched(program: Flow['program'], statement: Expression): Use[] {
  const target = statement.firstChild;
  const attribute = target?.getChild('PropertyName');
  if (!target?.firstChild || !attribute) return [];
  return ofPatching(program, statement, target.firstChild, program.text.slice(attribute.from, attribute.to));
}

/** `setattr(Trainer, "create_optimizer", mine)` */
function patchedByName(program: Flow['program'], call: Expression): Use[] {
  const [owner, word] = argumentsOf(program.text, call).positional;
  return owner && word ? ofPatching(program, call, owner, program.text.slice(word.from + 1, word.to - 1)) : [];
}

function ofPatching({ path }: Flow['program'], at: Expression, object: Expression, name: string): Use[] {
  const owner = path(object);
  const known = /Trainer$/.test(owner) ? OVERRIDES[name] : undefined;
  if (known) return [useOf(at, known)];
  return PATCHED.test(owner) ? [useOf(at, { why: l10n.t`It replaces ${name} of ${owner}.`, moves: true })] : [];
}

/** `from mine import *`, which may bring a name that decides the run, whatever the name was before. */
function imported({ text, path, outline }: Flow['program'], statement: Expression): Use[] {
  const module = /^from\s+(\S+)\s+import\s*\*/.exec(text.slice(statement.from, statement.to))?.[1];
  if (module === undefined || KNOWN.test(module) || PLAIN_MODULES.test(module)) return [];
  const replaced = outline.calls.find(({ firstChild: callee }) => {
    if (callee?.name !== 'VariableName' || madeBy(path(callee)) === undefined) return false;
    const name = text.slice(callee.from, callee.to);
    const bindings = ownerOf(outline, name, callee.from)?.bindings.get(name) ?? [];
    return bindings.every(({ to }) => to <= statement.from);
  })?.firstChild;
  if (!replaced) return [];
  const name = text.slice(replaced.from, replaced.to);
  return [useOf(statement, { why: l10n.t`It may bring another ${name}.`, moves: true })];
}

/** Modules that have no name of a trainer, a config or an optimizer. */
const PLAIN_MODULES =
  /^(?:math|typing|os|sys|re|pathlib|dataclasses|collections|itertools|functools|random|time|datetime|numpy|datasets|enum|abc)(?:\.|$)/;

/** The classes of a text that are trainers, or that a trainer is derived from. */
function trainersFamily({ program: { outline }, basesOf }: Flow): ReadonlySet<string> {
  const family = new Set<string>();
  const open = [outline.module];
  for (let scope = open.pop(); scope; scope = open.pop()) {
    open.push(...scope.children);
    const bases = scope.kind === 'class' ? basesOf(scope) : [];
    if (bases.some((base) => /Trainer$/.test(base))) for (const name of [scope.name, ...bases]) family.add(name);
  }
  return family;
}

/** Methods of a trainer that a class replaces, and training arguments whose defaults it sets. */
function inClass({ program, basesOf }: Flow, definition: Expression, family: ReadonlySet<string>): Use[] {
  const { text, outline } = program;
  const body = definition.getChild('Body');
  const own = definition.getChild('VariableName');
  if (!body || !own) return [];
  const className = text.slice(own.from, own.to);
  const isTrainer = family.has(className);
  const isCalled = outline.callsByName.has(className);
  const isArguments = basesOf(scopeAt(outline, body.from)).some((base) => TRAINING.test(base));
  return childrenOf(body).flatMap((statement): Use[] => {
    const method = statement.name === 'DecoratedStatement' ? statement.getChild('FunctionDefinition') : statement;
    const at = method?.name === 'FunctionDefinition' ? method.getChild('VariableName') : statement.firstChild;
    const name = at ? text.slice(at.from, at.to) : '';
    const isSet = method?.name === 'FunctionDefinition' || statement.name === 'AssignStatement';
    const doubt = isTrainer && isSet ? OVERRIDES[name] : undefined;
    const range = { start: statement.from, end: method?.getChild('Body')?.from ?? statement.to };
    if (doubt) return [{ ...doubt, range, things: [] }];
    const isDefault = isArguments && isCalled && statement.name === 'AssignStatement' && DECIDING_ARGUMENTS.has(name);
    return isDefault
      ? [{ why: l10n.t`This class changes the default of ${name}.`, moves: true, range, things: [] }]
      : [];
  });
}
