import * as l10n from '@vscode/l10n';
import { compare, UNSAID, type Comparison } from '../../recipe/compare/compare-recipes';
import { SIDE_NAMES, type ComparedQuantity, type SideNames } from '../../recipe/compare/compared';
import { areTheSameButForGuards } from '../../recipe/compare/meaning';
import { quantityFormula } from '../../recipe/compare/quantity-words';
import { factorLabel } from '../../recipe/notation';
import type { ConfigRecipe } from '../plan/as-trained';
import { notUnderstoodHeadline } from '../understand/not-understood';
import { configWays, valueLabel, type ConfigWay } from './config-ways';

/** The comparison of two configs, for terminal and panel. */
export interface ConfigComparison {
  comparison: Comparison;
  /** `nearly`: they differ only in constants that guard a division, such as epsilon. */
  verdict: 'same' | 'nearly' | 'different' | 'unknown';
  /** What of both files was not understood; null where all was. */
  notUnderstood: string | null;
  /** All that was compared. */
  rows: readonly ComparedRow[];
  /** What would make the second the same run as the first, best first. */
  ways: readonly ConfigWay[];
  /** The assumptions, in two or three sentences. */
  foot: string;
}

/**
 * Whether two configs are the same run, across trainers and syntaxes, and if not, how they differ.
 * @param names how sentences call both files
 * @throws RecipeError if a number is not usable for training
 */
export function compareConfigs(first: ConfigRecipe, second: ConfigRecipe, names = SIDE_NAMES): ConfigComparison {
  const open = notUnderstoodIn(first, second, names);
  const comparison = forWhatWasRead(compare(first.recipe, second.recipe, { names }), open);
  return {
    comparison,
    notUnderstood: open,
    verdict: verdictOf(comparison, first, second),
    rows: comparedRows(comparison),
    ways: configWays(comparison, second, names.first),
    foot: footOf(comparison),
  };
}

/** `Not understood: line 31, … (the first). Not understood: line 4, … (the second).` */
function notUnderstoodIn(first: ConfigRecipe, second: ConfigRecipe, names: SideNames): string | null {
  const sides = [[names.first, first] as const, [names.second, second] as const].flatMap(([name, { reading }]) =>
    reading.notUnderstood.length === 0 ? [] : [`${notUnderstoodHeadline(reading.notUnderstood)} (${name})`],
  );
  return sides.length === 0 ? null : `${sides.join('. ')}.`;
}

/** Two files are the same run only for what was understood; the rest may differ. */
function forWhatWasRead(comparison: Comparison, open: string | null): Comparison {
  if (open === null) return comparison;
  const { same, meaning } = comparison;
  if (same !== true) return { ...comparison, meaning: `${meaning} ${open}` };
  return { ...comparison, same: null, meaning: l10n.t`The same run for what was read. ${open}` };
}

function verdictOf(comparison: Comparison, first: ConfigRecipe, second: ConfigRecipe): ConfigComparison['verdict'] {
  const { same, compared, signatures } = comparison;
  if (same === null) return 'unknown';
  if (same) return 'same';
  const pair = { first: first.recipe, second: second.recipe, compared, signature: signatures[0] };
  return areTheSameButForGuards(pair) ? 'nearly' : 'different';
}

function footOf({ signatures: [{ isRelative, row }] }: Comparison): string {
  const unit =
    isRelative && row ? l10n.t(' σ is the size of the init. It is the same in both configs, so it counts as 1.') : '';
  return l10n.t`Assumed to be the same, because no config says it: ${UNSAID}. Numbers within 2e-5 of each other count as the same: six digits are no more precise.${unit}`;
}

/** One thing that decides a run, in both configs; every text is ready to show. */
export interface ComparedRow {
  key: ComparedQuantity['key'];
  /** `reach of B` */
  name: string;
  /** How a quantity of the signature is made: `lr_B · s·σ_A`; empty for everything else. */
  formula: string;
  /** `not stated` if the file sets nothing. */
  first: string;
  second: string;
  /** `× 4`, `÷ 2`, `same`; empty where there is none. */
  ratio: string;
  /** Null: cannot be compared. */
  same: boolean | null;
  /** What the difference means, or why it cannot be compared; empty where there is none. */
  why: string;
  /** A number of the signature. */
  isQuantity: boolean;
  /** Off in both, so it is not shown. */
  isOff: boolean;
}

/** All that was compared, in words. */
export function comparedRows({ compared, signatures }: Comparison): ComparedRow[] {
  return compared.map((each) => ({
    key: each.key,
    name: each.name,
    formula: each.quantity ? quantityFormula(each.quantity, signatures[0]) : '',
    first: valueLabel(each.first),
    second: valueLabel(each.second),
    ratio: ratioLabel(each),
    same: each.same,
    why: each.why,
    isQuantity: each.quantity !== null,
    isOff: OFF.has(each.first),
  }));
}

const OFF: ReadonlySet<ComparedQuantity['first']> = new Set([null, 0, l10n.t('no'), l10n.t('none'), l10n.t('full')]);

function ratioLabel({ ratio, same }: ComparedQuantity): string {
  if (ratio === null) return '';
  if (same === true) return l10n.t('same');
  return factorLabel(ratio, 6);
}
