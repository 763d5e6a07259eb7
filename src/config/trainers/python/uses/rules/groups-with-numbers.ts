import * as l10n from '@vscode/l10n';
import { partName } from '../../../../syntax/python/bindings';
import { stringToken } from '../../../../syntax/python/literals';
import { argumentsOf } from '../../../../syntax/python/names';
import { pairsOf } from '../../../../syntax/python/options';
import { lastName } from '../../../../syntax/python/outline';
import type { Expression } from '../../../../syntax/python/scope';
import { isTarget } from '../../../../syntax/python/tampering';
import { GROUP_NUMBERS } from '../../parameter-groups';
import { doubt } from '../doubts';
import type { Flow } from '../objects/flow';
import { useOf, type Use } from '../judge';
import { groupsPutTogether } from './put-together';

const OWN_NUMBERS = doubt(
  l10n.t("A parameter group may have its own learning rate, weight decay or eps, which replaces the optimizer's."),
  true,
);

/**
 * Groups of parameters with numbers of their own: dicts with `params`, what is set in such a dict later, and what
 * functions of other modules make. They replace the optimizer's arguments.
 * @returns `dicts` are understood where they are read with the optimizer's call, `others` never
 */
export function groupsWithNumbers(flow: Flow): { dicts: Use[]; others: Use[] } {
  const { tree, text } = flow.program;
  const dicts: Expression[] = [];
  const made: Expression[] = [];
  const set: Expression[] = [];
  /** Variables that hold such a dict. */
  const names = new Set<string>();
  let hasGroups = false;
  tree.iterate({
    enter(at) {
      if (!/^(?:Dictionary|Call|Member)Expression$/.test(at.name)) return;
      const { node } = at;
      const keys = keysOf(text, node);
      if (keys.includes('params')) {
        hasGroups = true;
        // What is added to an optimizer is judged with it.
        const isAdded = lastName(text, node.parent?.parent?.firstChild ?? null) === 'add_param_group';
        if (!isAdded && keys.some(isNumber)) (keys.includes(COMPUTED) ? made : dicts).push(node);
        const variable = node.parent?.name === 'AssignStatement' ? node.parent.firstChild : null;
        if (variable) names.add(text.slice(variable.from, variable.to));
      } else if (isGroupMaker(flow, node)) made.push(node);
      else if (setsNumber(flow, node, names)) set.push(node);
    },
  });
  const together = groupsPutTogether(flow);
  const usesOf = (groups: readonly Expression[]): Use[] => groups.map((group) => useOf(group, OWN_NUMBERS));
  return { dicts: usesOf(dicts), others: usesOf([...made, ...together, ...(hasGroups ? set : [])]) };
}

/** `get_optimizer_grouped_parameters(model)` of another module. */
function isGroupMaker(flow: Flow, node: Expression): boolean {
  const name = node.name === 'CallExpression' ? lastName(flow.program.text, node.firstChild) : '';
  const makesGroups = /group(?:ed|s)?_?param|param\w*_groups?$|optim\w*_param/i.test(name);
  return makesGroups && !name.startsWith('add_param_group') && flow.calledIn(node) === null;
}

/** A key that is computed, and what is unpacked into a dict, may be any. */
const COMPUTED = '?';
const UNPACKED = '**';
const isNumber = (key: string): boolean => key === COMPUTED || key === UNPACKED || GROUP_NUMBERS.includes(key);

/** The keys of a dict: `{"params": p, "lr": lr}`, `dict(params=p, lr=lr)`; none if it is no dict. */
function keysOf(text: string, node: Expression): string[] {
  if (node.name === 'DictionaryExpression') {
    return pairsOf(node).map((pair) => {
      if (!('key' in pair)) return UNPACKED;
      const key = pair.key.name === 'String' ? stringToken(text.slice(pair.key.from, pair.key.to)) : null;
      return key?.value ?? COMPUTED;
    });
  }
  if (node.name !== 'CallExpression' || lastName(text, node.firstChild) !== 'dict') return [];
  const { keywords, isOpen } = argumentsOf(text, node);
  return [...keywords.map(({ name }) => name), ...(isOpen ? [UNPACKED] : [])];
}

/** `group["lr"] = lr`, `group.update(lr=lr)`; the groups of an optimizer that is made are judged with it. */
function setsNumber(flow: Flow, node: Expression, names: ReadonlySet<string>): boolean {
  const { text } = flow.program;
  const member = node.name === 'CallExpression' ? node.firstChild : node;
  const object = member?.name === 'MemberExpression' ? member.firstChild : null;
  if (!member || !object) return false;
  const isNamed = names.has(text.slice(object.from, object.to));
  const part = partName(text, member);
  if (node.name === 'CallExpression') return isNamed && /^(?:update|setdefault)$/.test(part ?? '');
  if (member.getChild('PropertyName') || !isTarget(member)) return false;
  if (isNamed) return isNumber(part ?? COMPUTED);
  const isKnown = flow.thingsOf(object).some(({ kind }) => kind === 'group' || kind === 'settings');
  return !isKnown && isNumber(part ?? '');
}
