import * as l10n from '@vscode/l10n';
import { partName } from '../../../syntax/python/bindings';
import { argumentsOf } from '../../../syntax/python/names';
import { pairsOf } from '../../../syntax/python/options';
import { lastName } from '../../../syntax/python/outline';
import type { Expression } from '../../../syntax/python/scope';
import { isTarget } from '../../../syntax/python/tampering';
import { GROUP_NUMBERS } from '../parameter-groups';
import type { Flow } from './flow';
import { doubt } from './doubts';
import { useOf, type Use } from './judge';

/**
 * Groups of parameters with numbers of their own that were not read: those that a function returns, that are added to a
 * list or made one by one, or whose numbers are set later. Their numbers replace the optimizer's arguments.
 * @param read where the groups begin whose numbers were read
 */
export function hiddenGroups(flow: Flow, read: ReadonlySet<number>): Use[] {
  const { tree, text } = flow.program;
  const hidden: Expression[] = [];
  const set: Expression[] = [];
  const made: Expression[] = [];
  let hasGroups = false;
  tree.iterate({
    enter({ name, node }) {
      if (name === 'CallExpression' && isGroupMaker(flow, node)) made.push(node);
      else if (name === 'DictionaryExpression' || name === 'CallExpression') {
        const keys = keysOf(text, node);
        if (!keys.includes('params')) return;
        hasGroups = true;
        // What is added to an optimizer is judged with it.
        const isAdded = lastName(text, node.parent?.parent?.firstChild ?? null) === 'add_param_group';
        if (!read.has(node.from) && !isAdded && keys.some(isNumber)) hidden.push(node);
      } else if (name === 'MemberExpression' && isTarget(node) && isNumberSet(flow, node)) set.push(node);
    },
  });
  return [...made, ...(hasGroups ? [...hidden, ...set] : [])].map((group) => useOf(group, OWN_NUMBERS));
}

const OWN_NUMBERS = doubt(
  l10n.t('A group of parameters may have numbers of its own, which replace those of the optimizer.'),
  true,
);

/** `get_optimizer_grouped_parameters(model)` of another module. */
function isGroupMaker(flow: Flow, call: Expression): boolean {
  const name = lastName(flow.program.text, call.firstChild);
  return (
    /group(?:ed|s)?_?param|param\w*_groups?$|optimizer\w*_param/i.test(name) &&
    !/^add_param_group/.test(name) &&
    flow.calledIn(call) === null
  );
}

/** What is unpacked into a dict may hold anything. */
const ANY = '**';
const isNumber = (key: string): boolean => key === ANY || GROUP_NUMBERS.includes(key);

/** The keys of a dict: `{"params": p, "lr": lr}`, `dict(params=p, lr=lr)`. */
function keysOf(text: string, node: Expression): string[] {
  if (node.name === 'DictionaryExpression') {
    return pairsOf(node).map((pair) => ('key' in pair ? text.slice(pair.key.from + 1, pair.key.to - 1) : ANY));
  }
  if (lastName(text, node.firstChild) !== 'dict') return [];
  const { keywords, isOpen } = argumentsOf(text, node);
  return [...keywords.map(({ name }) => name), ...(isOpen ? [ANY] : [])];
}

/** `group["lr"] = lr`; the groups of an optimizer that is made are judged with it. */
function isNumberSet(flow: Flow, member: Expression): boolean {
  const object = member.firstChild;
  const isItem = member.getChild('PropertyName') === null && isNumber(partName(flow.program.text, member) ?? '');
  return isItem && !!object && !flow.thingsOf(object).some(({ kind }) => kind === 'group' || kind === 'settings');
}
