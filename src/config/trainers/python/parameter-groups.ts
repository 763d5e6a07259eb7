import * as l10n from '@vscode/l10n';
import { entryAt, nodeAt, type Entry, type MapNode, type ScalarNode, type SyntaxNode } from '../../syntax/tree';

/** Numbers that a group of parameters may have of its own (torch.optim.Optimizer.add_param_group). */
const GROUP_NUMBERS: readonly string[] = ['lr', 'weight_decay', 'eps', 'betas', 'momentum', 'nesterov'];

/** The groups of parameters that an optimizer is given, where they can be seen. */
export function groupsIn(optimizer: SyntaxNode | null): readonly MapNode[] {
  const given = nodeAt(optimizer, ['0']) ?? nodeAt(optimizer, ['params']);
  return given?.kind === 'list' ? given.items.filter((item) => item.kind === 'map') : [];
}

/**
 * An optimizer's arguments, with the numbers of its parameter groups. A number of a group overrides the argument. With
 * several groups it is unknown which one holds LoRA. Then a number that groups set is unknown, unless the optimizer also
 * has it as an argument and a group does not set it: the argument is used.
 */
export function withGroups(optimizer: MapNode): MapNode {
  const groups = groupsIn(optimizer);
  const [only, second] = groups;
  if (!only) return withComputed(optimizer);
  const own = second
    ? GROUP_NUMBERS.flatMap((name) => byGroup(optimizer, groups, name))
    : only.entries.filter(({ key }) => GROUP_NUMBERS.includes(key));
  const isOwn = ({ key }: Entry): boolean => own.some((entry) => entry.key === key);
  return { ...optimizer, entries: [...optimizer.entries.filter((entry) => !isOwn(entry)), ...own] };
}

function byGroup(optimizer: MapNode, groups: readonly MapNode[], name: string): Entry[] {
  const said = groups.flatMap((group) => entryAt(group, [name]) ?? []);
  const [first] = said;
  const isForOthers = isGiven(optimizer, name) && said.length < groups.length;
  if (!first || isForOthers) return [];
  const shown = [...new Set(said.map(({ value }) => (value.kind === 'scalar' ? value.raw : '…')))].reduce(
    (one, other) => l10n.t`${one} or ${other}`,
  );
  const { range } = first.value;
  const value: ScalarNode = {
    ...{ kind: 'scalar', range, inner: range, raw: shown, value: null, quoted: false, unresolved: shown },
    lock: { code: 'expression', message: l10n.t('It is unknown which parameter group holds LoRA.') },
  };
  return [{ key: name, keyRange: first.keyRange, value }];
}

/** A computed first argument may hold groups. Then numbers that are not arguments may come from the groups. */
function withComputed(optimizer: MapNode): MapNode {
  const given = nodeAt(optimizer, ['0']) ?? nodeAt(optimizer, ['params']);
  if (given?.kind !== 'scalar' || given.unresolved === undefined) return optimizer;
  const source = `${given.raw} ${given.unresolved}`;
  const mayHave = (name: string): boolean =>
    new RegExp(`["']${name}["']`).test(source) || (name === 'lr' && mayBeGroups(source));
  const hidden = GROUP_NUMBERS.filter((name) => !isGiven(optimizer, name) && mayHave(name));
  const entries = hidden.map((key): Entry => ({ key, keyRange: given.range, value: given }));
  return { ...optimizer, entries: [...optimizer.entries, ...entries] };
}

/** Whether an expression is called groups, or is what a function gives that is not called for plain parameters. */
const mayBeGroups = (source: string): boolean =>
  /group|params_to_optim/i.test(source) || (source.includes('(') && !source.includes('parameters('));

/** The rate may be given by its place: `AdamW(groups, 1e-3)`. */
function isGiven(optimizer: MapNode, name: string): boolean {
  return nodeAt(optimizer, [name]) !== null || (name === 'lr' && nodeAt(optimizer, ['1']) !== null);
}
