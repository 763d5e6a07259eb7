import * as l10n from '@vscode/l10n';
import type { ConstantId } from '../../recipe/optimizers/constants';
import type { ReadField } from '../reading';
import type { Scalar } from '../syntax/tree';
import type { Trap } from '../trainers/shared/trap';
import type { Fields } from '../trainers/shared/fields';

/** What a trainer's optimizer name stands for: a row of the table, or why there is none. */
export type OptimizerWord = OptimizerRule | NoRule;

/** A name whose rule is known: a row of recipe/optimizers, and what the trainer makes of it. */
export interface OptimizerRule {
  row: string;
  /** What the class takes where nobody says, where that is neither the row's own default nor the layout's. */
  defaults?: ClassDefaults;
  /** What the trainer sets of the row's options. */
  options?: Readonly<Record<string, number>>;
  /** Names of arguments that are not those of {@link argumentOf}: our field or option → the class's word. */
  arguments?: Readonly<Record<string, string>>;
  /** Keys of its own for the row's options. */
  optionKeys?: Readonly<Record<string, string>>;
  /** Arguments that are pairs, and what the class has where nobody says. */
  pairs?: Readonly<Record<string, readonly [number, number]>>;
  /** Numbers the trainer does not hand on: what holds instead, and why. */
  fixed?: Readonly<Partial<Record<ReadField, Fixed>>>;
  /** Keys of its own in the trainer's config, laid over the layout's. */
  fields?: Fields;
  /** What its groups of parameters call numbers, where that is not the arguments' name: {@link groupKeyOf}. */
  groupKeys?: Readonly<Record<string, string>>;
  /** Its groups cannot be told apart: it steps inside the backward pass, or reckons with a whole group at once. */
  isUngrouped?: true;
  /** Other rules that arguments choose, laid over this one; the first that fits. */
  variants?: readonly Variant[];
  /** Keeps its states in 8 bits or fewer. */
  quantized?: boolean;
  /** What a user should know of it. */
  traps?: readonly Trap[];
}

/** `unknown`: it runs, and no rule is known; `refused`: it does not run with LoRA. The text ends a sentence. */
export type NoRule = { unknown: string } | { refused: string };

export interface Fixed {
  value: Scalar | readonly [number, number];
  why: string;
}

export type ClassDefaults = Readonly<
  Partial<Record<ConstantId | 'learningRate' | 'weightDecay' | 'momentum', number>> & {
    betas?: readonly [number, number];
    nesterov?: boolean;
  }
>;

export interface Variant {
  /** Values of arguments; `undefined` fits an argument that is not there, `'given'` any that is. */
  when: Readonly<Record<string, Exclude<Scalar, null> | undefined>>;
  /** Only where there is weight decay. */
  decays?: boolean;
  is: Partial<OptimizerRule> | NoRule;
}

export type OptimizerNames = Readonly<Record<string, OptimizerWord>>;

/** A name in its own spelling, or in any: few trainers have names that differ in nothing but their case. */
export function wordOf(names: OptimizerNames, name: string): OptimizerWord | undefined {
  if (Object.hasOwn(names, name)) return names[name];
  const wanted = name.toLowerCase();
  const found = Object.keys(names).find((known) => known.toLowerCase() === wanted);
  return found === undefined ? undefined : names[found];
}

/** Whether no rule is known for a word. */
export function isNoRule(word: OptimizerWord | Partial<OptimizerRule>): word is NoRule {
  return 'unknown' in word || 'refused' in word;
}

/** Why no rule is known, as a sentence about `name`; null where the word has one. */
export function reasonOf(name: string, word: OptimizerWord | undefined): string | null {
  if (!word) return l10n.t`Unknown optimizer: ${name}.`;
  if (!isNoRule(word)) return null;
  return 'unknown' in word ? `${name}: ${word.unknown}` : l10n.t`${name} does not run here: ${word.refused}`;
}

/** The word with the variant laid over it that the arguments choose. */
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

/** Names of the classes' arguments where they are not our own name in snake case. */
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

/** What the class calls a field or an option; the element of a pair behind a dot: `step_sizes.0`. */
export function argumentOf(word: OptimizerRule | undefined, field: string): string {
  return (
    word?.arguments?.[field] ?? ARGUMENTS[field] ?? field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  );
}

/** Names as the paths of classes in each of the modules. */
export function inModules(modules: readonly string[], names: OptimizerNames): OptimizerNames {
  return Object.fromEntries(
    modules.flatMap((module) => Object.entries(names).map(([name, word]) => [`${module}.${name}`, word])),
  );
}

/** Paths of classes as the names of the classes alone. */
export function withoutModules(names: OptimizerNames): OptimizerNames {
  return Object.fromEntries(Object.entries(names).map(([name, word]) => [name.split('.').at(-1) ?? name, word]));
}
