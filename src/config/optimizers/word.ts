import * as l10n from '@vscode/l10n';
import { CONSTANT_IDS, type ConstantId } from '../../recipe/optimizers/constants';
import type { Field } from '../../recipe/plans/plan';
import type { ReadField } from '../reading';
import type { Scalar } from '../syntax/tree';
import type { Trap } from '../trainers/shared/trap';
import type { Default, Fields } from '../trainers/shared/fields';

/** The meaning of a trainer's optimizer name: a row of the table, or why no rule is known. */
export type OptimizerWord = OptimizerRule | NoRule;

/** A name whose rule is known: a row of recipe/optimizers, and what the trainer changes. */
export interface OptimizerRule {
  row: string;
  /** Defaults of the class that differ from those of the row and of the layout. */
  defaults?: ClassDefaults;
  /** Options of the row that the trainer sets. */
  options?: Readonly<Record<string, number>>;
  /** Argument names other than those of {@link argumentOf}: our field or option → the class's name. */
  arguments?: Readonly<Record<string, string>>;
  /** Keys of the row's options. */
  optionKeys?: Readonly<Record<string, string>>;
  /** Arguments that are pairs, with the default of the class. */
  pairs?: Readonly<Record<string, readonly [number, number]>>;
  /** Numbers that the trainer does not pass on: the value that applies, and whose it is. */
  fixed?: Readonly<Partial<Record<ReadField, Default>>>;
  /** Keys in the trainer's config that replace those of the layout. */
  fields?: Fields;
  /** Keys of its parameter groups that differ from the argument names: {@link groupKeyOf}. */
  groupKeys?: Readonly<Record<string, string>>;
  /** Parameter groups cannot be split: it steps inside the backward pass, or uses a whole group at once. */
  isUngrouped?: true;
  /** Variants that arguments choose; the first that fits overrides this rule. */
  variants?: readonly Variant[];
  /** Keeps its states in 8 bits or fewer. */
  quantized?: boolean;
  traps?: readonly Trap[];
}

/** `unknown`: it runs, but no rule is known; `refused`: it does not run with LoRA. The reason follows a colon. */
type NoRule = { unknown: string } | { refused: string };

type ClassDefaults = Readonly<
  Partial<Record<ConstantId | 'learningRate' | 'weightDecay' | 'momentum', number>> & {
    betas?: readonly [number, number];
    nesterov?: boolean;
  }
>;

export interface Variant {
  /** Values of arguments; `undefined` fits a missing argument, `'given'` any value. */
  when: Readonly<Record<string, Exclude<Scalar, null> | undefined>>;
  /** Only where there is weight decay. */
  decays?: boolean;
  is: Partial<OptimizerRule> | NoRule;
}

export type OptimizerNames = Readonly<Record<string, OptimizerWord>>;

/** Looks a name up, first as written, then ignoring case. */
export function wordOf(names: OptimizerNames, name: string): OptimizerWord | undefined {
  if (Object.hasOwn(names, name)) return names[name];
  const wanted = name.toLowerCase();
  const found = Object.keys(names).find((known) => known.toLowerCase() === wanted);
  return found === undefined ? undefined : names[found];
}

export const isNoRule = (word: OptimizerWord | Partial<OptimizerRule>): word is NoRule =>
  'unknown' in word || 'refused' in word;

/** Why no rule is known, as a sentence about `name`; null if one is known. */
export function reasonOf(name: string, word: OptimizerWord | undefined): string | null {
  if (!word) return l10n.t`Unknown optimizer: ${name}.`;
  if (!isNoRule(word)) return null;
  return 'unknown' in word ? `${name}: ${word.unknown}` : l10n.t`${name} does not run here: ${word.refused}`;
}

/** The word with the variant that the arguments choose. */
export function chosen(
  word: OptimizerWord,
  argument: (name: string) => Exclude<Scalar, null> | undefined,
  decays: boolean,
): OptimizerWord {
  if (isNoRule(word) || !word.variants) return word;
  const { variants, ...base } = word;
  const fits = ({ when, decays: needsDecay }: Variant): boolean =>
    (!needsDecay || decays) &&
    Object.entries(when).every(([name, value]) => {
      const stated = argument(name);
      return value === 'given' ? stated !== undefined : stated === value;
    });
  const variant = variants.find(fits);
  if (!variant) return base;
  if (isNoRule(variant.is)) return variant.is;
  return { ...base, ...variant.is, fixed: { ...base.fixed, ...variant.is.fixed } };
}

/** Argument names that are not our name in snake case. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  initialAccumulator: 'initial_accumulator_value',
  stepMin: 'step_sizes.0',
  stepMax: 'step_sizes.1',
  epsRms: 'eps.1',
  tensorClip: 'gradient_clipping',
  trustCap: 'clamp_value',
  minRate: 'min_lr',
  maxRate: 'max_lr',
  rateBump: 'lr_bump',
  smoothing: 'alpha',
  beta3: 'betas.2',
};

/** The argument name of a field or an option; with a dot for an element of a pair: `step_sizes.0`. */
export function argumentOf(word: OptimizerRule | undefined, field: string): string {
  return (
    word?.arguments?.[field] ?? ARGUMENTS[field] ?? field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  );
}

/** A variant that no rule covers: `with decouple_lr its weight decay follows a rule that LoRA Alpha does not know.` */
export const otherDecay = (when: Variant['when'], shown = Object.keys(when).join()): Variant => ({
  when,
  decays: true,
  is: { unknown: l10n.t`with ${shown} its weight decay follows a rule that LoRA Alpha does not know.` },
});

/** Variants by switches with which nobody has measured a plan, or a measured plan was another run. */
export const unmeasured = (value: boolean, options: string): Variant[] =>
  options.split(/\s+/).map((option) => ({
    when: { [option]: value },
    is: { unknown: l10n.t`with ${value ? option : `${option}=False`} it has not been measured.` },
  }));

/** The rule with 8-bit states. */
export const narrow = (rule: OptimizerRule): OptimizerRule => ({ ...rule, quantized: true });

/** Names, separated by spaces, with one meaning. */
export const allAre = (word: OptimizerWord, names: string): OptimizerNames =>
  Object.fromEntries(names.split(/\s+/).map((name) => [name, word]));

/** The names as class paths in each module. */
export function inModules(modules: readonly string[], names: OptimizerNames): OptimizerNames {
  return Object.fromEntries(
    modules.flatMap((module) => Object.entries(names).map(([name, word]) => [`${module}.${name}`, word])),
  );
}

/** Class paths as class names. */
export const withoutModules = (names: OptimizerNames): OptimizerNames =>
  Object.fromEntries(Object.entries(names).map(([name, word]) => [name.split('.').at(-1) ?? name, word]));

/** The fields that a parameter group of an optimizer can set. */
export const GROUP_FIELDS: ReadonlySet<Field> = new Set([
  ...(['learningRate', 'weightDecay', 'eps', 'epsRms', 'lambd', 'stepMin', 'stepMax'] as const),
]);

/**
 * Under what the groups of an optimizer's class keep a number, or null where they have none for it; with a dot for an
 * element of a tuple.
 */
export function groupKeyOf(rule: OptimizerRule | null, field: Field): string | null {
  if (!GROUP_FIELDS.has(field)) return null;
  const named = CONSTANT_IDS.some((id) => id === field) ? rule?.arguments?.[field] : undefined;
  return rule?.groupKeys?.[field] ?? named ?? (field === 'learningRate' ? 'lr' : argumentOf(undefined, field));
}
