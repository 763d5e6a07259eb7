import * as l10n from '@vscode/l10n';
import { entryAt, nodeAt, type Entry, type MapNode, type SyntaxNode } from '../../syntax/tree';

/** Numbers that a group of parameters may have of its own (torch.optim.Optimizer.add_param_group). */
export const GROUP_NUMBERS: readonly string[] = ['lr', 'weight_decay', 'eps', 'betas', 'momentum', 'nesterov'];

/** The code of a number of a parameter group, if several groups are there and it is unknown which one holds LoRA. */
export const UNKNOWN_GROUP = 'unknown-group';
const UNKNOWN = l10n.t`It is unknown which parameter group holds LoRA.`;

/** The groups of parameters that an optimizer is given, where they can be seen. */
function groupsIn(optimizer: SyntaxNode | null): readonly MapNode[] {
  const given = nodeAt(optimizer, ['0']) ?? nodeAt(optimizer, ['params']);
  return given?.kind === 'list' ? given.items.filter((item) => item.kind === 'map') : [];
}

/** The only group of parameters, whose numbers are read; null where there are several, or none is seen. */
export function onlyGroup(optimizer: SyntaxNode | null): MapNode | null {
  const [only, second] = groupsIn(optimizer);
  return second ? null : (only ?? null);
}

/**
 * An optimizer's arguments, with the numbers of its only group of parameters, which override them. With several groups,
 * and where the first argument is computed, the numbers that it may set are unknown, unless they are arguments as well.
 */
export function withGroups(optimizer: MapNode): MapNode {
  const groups = groupsIn(optimizer);
  const only = onlyGroup(optimizer);
  if (only) {
    const own = only.entries.filter(({ key }) => GROUP_NUMBERS.includes(key));
    const others = optimizer.entries.filter(({ key }) => !own.some((entry) => entry.key === key));
    return { ...optimizer, entries: [...others, ...own] };
  }
  const given = nodeAt(optimizer, ['0']) ?? nodeAt(optimizer, ['params']);
  const source = given?.kind === 'scalar' && given.unresolved !== undefined ? `${given.raw} ${given.unresolved}` : '';
  const hidden = GROUP_NUMBERS.flatMap((name): Entry[] => {
    const said = groups.flatMap((group) => entryAt(group, [name])?.value ?? []);
    const isGiven = [name, name === 'lr' ? '1' : name].some((key) => nodeAt(optimizer, [key]) !== null);
    const mayHave = new RegExp(`["']${name}["']`).test(source) || (name === 'lr' && mayBeGroups(source));
    const value = said[0] ?? (mayHave ? given : null);
    if (value?.kind !== 'scalar' || (isGiven && said.length < Math.max(groups.length, 1))) return [];
    const lock = value.lock ?? { code: UNKNOWN_GROUP, message: UNKNOWN };
    const unknown = { ...value, value: null, unresolved: value.unresolved ?? value.raw, lock };
    return [{ key: name, keyRange: value.range, value: unknown }];
  });
  const others = optimizer.entries.filter(({ key }) => !hidden.some((entry) => entry.key === key));
  return { ...optimizer, entries: [...others, ...hidden] };
}

/** Whether an expression is called groups, or is what a function gives that is not called for plain parameters. */
const mayBeGroups = (source: string): boolean =>
  /group|params_to_optim/i.test(source) || (source.includes('(') && !source.includes('parameters('));
