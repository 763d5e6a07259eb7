import * as l10n from '@vscode/l10n';
import { constantOf, type OptimizerRow } from '../../../recipe/optimizers/optimizer-row';
import { CONSTANT_IDS } from '../../../recipe/optimizers/constants';
import { optimizerRow } from '../../../recipe/optimizers/optimizers';
import type { ReadField, Unread } from '../../reading';
import { nodeAt, scalarAt, type MapNode, type Scalar } from '../../syntax/tree';
import type { Layout } from '../../trainers/trainer';
import type { Trap } from '../../trainers/shared/trap';
import { isAmong } from '../../trainers/shared/known';
import { unknownIn } from '../unknown-keys';
import { fixedAt, fromRow, key, type Default, type Fields, type Source } from '../../trainers/shared/fields';
import { argumentOf, chosen, isNoRule, reasonOf, wordOf } from '../../optimizers/word';
import type { OptimizerRule, OptimizerWord } from '../../optimizers/word';
import { whyDefault } from './default-words';
import { notedAt, type Context } from './values';

export interface NamedOptimizer {
  rule: OptimizerRule | null;
  row: OptimizerRow | null;
  /** Why no rule is known, as a sentence; null if a rule is known, or the file names no optimizer. */
  unknown: string | null;
  isRefused: boolean;
  fields: Fields;
  options: Readonly<Record<string, number>>;
  traps: readonly Trap[];
  unread: readonly Unread[];
}

/** The optimizer that `name` stands for in this file, which also depends on its arguments. */
export function namedOptimizer(layout: Layout, root: MapNode, name: string | null): NamedOptimizer {
  const { argumentsAt, falseIfAbsent = '' } = layout;
  const argument = (label: string): Exclude<Scalar, null> | undefined => {
    if (argumentsAt === undefined) return undefined;
    const path = `${argumentsAt}.${label}`.split('.');
    return nodeAt(root, path) === null && isAmong(falseIfAbsent, label) ? false : scalarAt(root, path);
  };
  const known = name === null ? undefined : wordOf(layout.optimizers, name);
  const decays = layout.fields.weightDecay?.keys.map(({ path }) => scalarAt(root, path)) ?? [];
  const usual = known && !isNoRule(known) ? known.defaults?.weightDecay : 0;
  const decay = decays.find((value) => value !== undefined) ?? usual ?? 0;
  const word = known && chosen(known, argument, Number(decay) !== 0);
  const rule = word && !isNoRule(word) ? word : null;
  const row = optimizerRow(rule?.row ?? null) ?? null;
  const isRefused = word !== undefined && isNoRule(word) && 'refused' in word;
  const found = { rule, row, isRefused, traps: rule?.traps ?? [], fields: layout.fields, options: {}, unread: [] };
  if (name === null) return { ...found, unknown: null };
  if (!rule || !row) return { ...found, unknown: reasonOf(name, word) };
  const fields = fieldsFor(layout, name, rule, row);
  const stated = Object.keys(row.options ?? {}).flatMap((option): [string, number][] => {
    const own = rule.optionKeys?.[option];
    const value = Number((own ? scalarAt(root, own.split('.')) : argument(argumentOf(rule, option))) ?? Number.NaN);
    return Number.isFinite(value) ? [[option, value]] : [];
  });
  return {
    ...found,
    unknown: null,
    fields,
    unread: unreadArguments(layout, root, known, row, fields),
    options: { ...rule.options, ...Object.fromEntries(stated) },
  };
}

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
        keys: [key(`${layout.argumentsAt}.${argument}`)],
        ...(pair ? { pair } : {}),
      };
    }
  }
  for (const [field, source] of Object.entries(rule.fields ?? {}) as [ReadField, Source][]) {
    fields[field] = { ...fields[field], ...source };
  }
  for (const [field, value] of Object.entries(rule.defaults ?? {}) as [ReadField, number][]) {
    if (!fields[field]?.hasOwnDefault) fields[field] = { keys: [], ...fields[field], default: { value, who: name } };
  }
  const fixed = Object.entries(rule.fixed ?? {}).map(([field, value]) => [field, fixedAt(value)] as const);
  return { ...fields, ...Object.fromEntries(fixed) };
}

/**
 * Arguments of optimizer classes that stay at every scaling: the parameters and the class, implementations of the same
 * step, and averages. All others are known by the rule or the row of a class, which were measured with them.
 */
const UNITLESS = `params model type name class kahan_sum optimizer optimizer_cls optimizer_kwargs loraplus_lr_embedding
  __version foreach fused capturable differentiable fused_back_pass is_paged block_wise optim_bits min_8bit_size
  block_size args log_every verbose fsdp_in_use slice_p stochastic_rounding stochastic_round bf16_stochastic_round
  gradient_release use_triton betas beta1 beta2 beta3 momentum dampening nesterov maximize percentile_clipping
  warmup_steps ns_steps agreement_threshold`;

/** Hugging Face's Trainer gives each group the decay of its own key (trainer.py: create_optimizer). */
const OVERRULED: Readonly<Record<string, string>> = { optim_args: 'weight_decay' };

/** The unknown arguments of the optimizer, which may have a unit. */
function unreadArguments(
  { argumentsAt, known: listed, fields: ofLayout }: Layout,
  root: MapNode,
  word: OptimizerWord | undefined,
  row: OptimizerRow | null,
  fields: Fields,
): Unread[] {
  if (argumentsAt === undefined || !word || isNoRule(word) || !row) return [];
  const rules = [word, ...(word.variants ?? []).map(({ is }) => ({ ...word, ...is }))];
  const chosen = (word.variants ?? []).flatMap(({ when }) => Object.keys(when));
  const options = Object.keys(row.options ?? {}).flatMap((option) => rules.map((rule) => argumentOf(rule, option)));
  const stood = [...Object.values(fields), ...Object.values(ofLayout)]
    .flatMap(({ keys }) => keys.map(({ path }) => path.join('.')))
    .filter((label) => label.startsWith(`${argumentsAt}.`))
    .map((label) => label.slice(argumentsAt.length + 1));
  const known = new Set([...chosen, ...options, ...stood].map((name) => name.replace(/\..*/, '')));
  const also = `${UNITLESS} ${OVERRULED[argumentsAt] ?? ''} ${listed?.[argumentsAt] ?? ''}`;
  return unknownIn(root, argumentsAt, (name) => known.has(name) || isAmong(also, name) || /^\d+$/.test(name));
}

/** Notes why no rule is known, and which keys the optimizer ignores. */
export function noteOptimizer(context: Context, { unknown, isRefused, rule, row }: NamedOptimizer): void {
  const { notes, trainer, layout } = context;
  const { fields } = layout;
  const where = fields.optimizer ? (notedAt(context, fields.optimizer)?.node.inner ?? null) : null;
  if (unknown !== null) notes.add(isRefused ? 'warning' : 'info', 'optimizer-unknown', unknown, where);
  if (row?.noRule) {
    const message = l10n.t`No exact rule exists for ${row.title}. ${row.limit?.message ?? ''} Only a measurement shows what another alpha does.`;
    notes.add('info', 'optimizer-without-rule', message, where);
  }
  if (row?.stuck) notes.add('warning', 'never-learns', row.stuck, where);
  for (const [field, fixed] of Object.entries(rule?.fixed ?? {}) as [ReadField, Default][]) {
    const source = fields[field];
    const stated = source && notedAt(context, source);
    if (!stated) continue;
    const why = whyDefault(field, fixed, layout.owner ?? trainer.name, false);
    notes.add('info', 'key-ignored', l10n.t`This run ignores ${stated.key.label}: ${why}`, stated.node.inner);
  }
}
