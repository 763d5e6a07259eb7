import * as l10n from '@vscode/l10n';
import { constantOf, type OptimizerRow } from '../../../recipe/optimizers/optimizer-row';
import { CONSTANT_IDS } from '../../../recipe/optimizers/constants';
import { optimizerRow } from '../../../recipe/optimizers/optimizers';
import type { ReadField, Unread } from '../../reading';
import { scalarAt, type MapNode, type Scalar } from '../../syntax/tree';
import { fromRow } from '../../trainers/shared/optimizer-defaults';
import type { Layout } from '../../trainers/trainer';
import type { Trap } from '../../trainers/shared/trap';
import { fixedAt, type Default, type Fields, type Key, type Source } from '../../trainers/shared/fields';
import { unreadArguments } from './unread-arguments';
import {
  argumentOf,
  chosen,
  isNoRule,
  reasonOf,
  wordOf,
  type OptimizerRule,
  type OptimizerWord,
} from '../../optimizers/word';

/** The optimizer that a name stands for in one file. */
export interface NamedOptimizer {
  rule: OptimizerRule | null;
  row: OptimizerRow | null;
  /** Why no rule is known, as a sentence; null if a rule is known, or the file names no optimizer. */
  unknown: string | null;
  /** Whether the trainer stops on this optimizer with LoRA. */
  isRefused: boolean;
  /** The layout's fields, with the keys and defaults of this optimizer. */
  fields: Fields;
  /** The row's constants without a unit that the file or the trainer sets. */
  options: Readonly<Record<string, number>>;
  traps: readonly Trap[];
  /** Unknown arguments. */
  unread: readonly Unread[];
}

/** The optimizer that `name` stands for in this file, which also depends on its arguments. */
export function namedOptimizer(layout: Layout, root: MapNode, name: string | null): NamedOptimizer {
  const argument = (label: string): Exclude<Scalar, null> | undefined =>
    layout.argumentsAt === undefined ? undefined : scalarAt(root, `${layout.argumentsAt}.${label}`.split('.'));
  const known = name === null ? undefined : wordOf(layout.optimizers, name);
  const word = known && chosen(known, argument, decays(layout, root, known));
  const rule = word && !isNoRule(word) ? word : null;
  const row = optimizerRow(rule?.row ?? null) ?? null;
  const isRefused = word !== undefined && isNoRule(word) && 'refused' in word;
  const found = { rule, row, isRefused, traps: rule?.traps ?? [], fields: layout.fields, options: {}, unread: [] };
  if (name === null) return { ...found, unknown: null };
  if (!rule) return { ...found, unknown: reasonOf(name, word) };
  if (!row) return { ...found, unknown: l10n.t`${name}: this version of LoRA Alpha has no rule for it.` };
  const fields = fieldsFor(layout, name, rule, row);
  return {
    ...found,
    unknown: null,
    fields,
    unread: unreadArguments(layout, root, known, row, fields),
    options: { ...rule.options, ...statedOptions(rule, row, root, argument) },
  };
}

/** The keys and defaults of this optimizer's numbers. */
function fieldsFor(layout: Layout, name: string, rule: OptimizerRule, row: OptimizerRow): Fields {
  const fields: Fields = { ...layout.fields };
  const isArgument = (field: ReadField): boolean =>
    rule.arguments?.[field] !== undefined ||
    (fields[field] === undefined && CONSTANT_IDS.some((id) => id === field && constantOf(row, id) !== undefined));
  for (const field of [...CONSTANT_IDS, 'betas', 'weightDecay', 'momentum', 'learningRate'] as const) {
    if (layout.argumentsAt !== undefined && isArgument(field)) {
      const { beside } = fields.weightDecay ?? {};
      const argument = argumentOf(rule, field);
      const pair = rule.pairs?.[argument.replace(/\.\d$/, '')];
      fields[field] = {
        ...fields[field],
        ...(beside ? { beside } : {}),
        // The layout's default belongs to the layout's key, not to this one.
        ...(field === 'learningRate' ? {} : { default: fromRow(field) }),
        keys: [argumentKey(layout.argumentsAt, argument)],
        ...(pair ? { pair } : {}),
      };
    }
  }
  for (const [field, source] of Object.entries(rule.fields ?? {}) as [ReadField, Source][]) {
    fields[field] = { ...fields[field], ...source };
  }
  for (const [field, value] of Object.entries(rule.defaults ?? {}) as [ReadField, number][]) {
    if (fields[field]?.hasOwnDefault) continue;
    fields[field] = { keys: [], ...fields[field], default: { value, who: name } };
  }
  for (const [field, fixed] of Object.entries(rule.fixed ?? {}) as [ReadField, Default][]) {
    fields[field] = fixedAt(fixed);
  }
  return fields;
}

function argumentKey(at: string, argument: string): Key {
  const label = `${at}.${argument}`;
  return { path: label.split('.'), label: label.replace(/\.(\d)$/, '[$1]') };
}

/** Whether the run has weight decay, from the file or by the default of the class. */
function decays({ fields }: Layout, root: MapNode, word: OptimizerWord): boolean {
  const stated = fields.weightDecay?.keys.map(({ path }) => scalarAt(root, path)).find((value) => value !== undefined);
  return Number(stated ?? (isNoRule(word) ? 0 : word.defaults?.weightDecay) ?? 0) !== 0;
}

function statedOptions(
  rule: OptimizerRule,
  row: OptimizerRow,
  root: MapNode,
  argument: (label: string) => Scalar | undefined,
): Record<string, number> {
  const stated = Object.keys(row.options ?? {}).flatMap((option): [string, number][] => {
    const own = rule.optionKeys?.[option];
    const value = Number((own ? scalarAt(root, own.split('.')) : argument(argumentOf(rule, option))) ?? Number.NaN);
    return Number.isFinite(value) ? [[option, value]] : [];
  });
  return Object.fromEntries(stated);
}
