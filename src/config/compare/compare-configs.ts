import * as l10n from '@vscode/l10n';
import { compare, type CompareKnowing, type Comparison } from '../../recipe/compare/compare-recipes';
import { SIDE_NAMES, type ComparedQuantity } from '../../recipe/compare/compared';
import { withFrozenWeights } from '../../recipe/compare/frozen-weights';
import { areTheSameButForGuards } from '../../recipe/compare/meaning';
import { quantityFormula } from '../../recipe/compare/quantity-words';
import { factorLabel } from '../../recipe/notation';
import type { Signature } from '../../recipe/signature';
import type { ConfigRecipe } from '../plan/as-trained';
import { notUnderstoodHeadline } from '../understand/not-understood';
import { configWays, valueLabel, type ConfigWay } from './ways';

export interface ConfigComparison {
  comparison: Comparison;
  /** `nearly`: they differ only in clipping, or in constants that guard a division, such as epsilon. */
  verdict: 'same' | 'nearly' | 'different' | 'unknown';
  /** What of both files was not understood; null where all was. */
  notUnderstood: string | null;
  rows: readonly ComparedRow[];
  ways: readonly ConfigWay[];
  /** The assumptions, in two or three sentences. */
  foot: string;
}

/**
 * Whether two configs are the same run, across trainers and syntaxes, and if not, how they differ.
 * @throws RecipeError if a number is not usable for training
 */
export function compareConfigs(first: ConfigRecipe, second: ConfigRecipe, by: CompareKnowing = {}): ConfigComparison {
  const { names = SIDE_NAMES } = by;
  const pair = { first: withFrozenWeights(first), second: withFrozenWeights(second) };
  const side = ({ reading: { notUnderstood } }: ConfigRecipe, name: string): string =>
    notUnderstood.length === 0 ? '' : `${notUnderstoodHeadline(notUnderstood)} (${name}).`;
  // `Not understood: line 31, … (the first). Not understood: line 4, … (the second).`
  const open = `${side(first, names.first)} ${side(second, names.second)}`.trim() || null;
  const read = compare(pair.first, pair.second, by);
  // Two files are the same run only for what was understood; the rest may differ.
  const isOpen = open !== null && read.same === true;
  const opened = isOpen ? l10n.t`The same run for what was read. ${open}` : `${read.meaning} ${open}`;
  const comparison = { ...read, same: isOpen ? null : read.same, meaning: open === null ? read.meaning : opened };
  const { same, compared, signatures } = comparison;
  const differing = areTheSameButForGuards({ ...pair, compared, signature: signatures[0] }) ? 'nearly' : 'different';
  return {
    comparison,
    notUnderstood: open,
    verdict: same === null ? 'unknown' : same ? 'same' : differing,
    rows: compared.map((each) => comparedRow(each, signatures[0])),
    ways: configWays(comparison, second, names.first),
    foot: footOf(comparison),
  };
}

function footOf({ signatures: [{ isRelative, row }], unsaid }: Comparison): string {
  const unit =
    isRelative && row ? l10n.t(' σ is the size of the init. It is the same in both configs, so it counts as 1.') : '';
  return l10n.t`Assumed to be the same, because not both configs say it or it is not compared: ${unsaid}. Numbers within 2e-5 of each other count as the same: six digits are no more precise.${unit}`;
}

/** One thing that decides a run, in both configs; every text is ready to show, and empty where there is none. */
export interface ComparedRow extends Pick<ComparedQuantity, 'key' | 'name' | 'same' | 'why'> {
  /** How a quantity of the signature is made: `lr_B · s·σ_A`. */
  formula: string;
  first: string;
  second: string;
  /** `× 4`, `÷ 2`, `same` */
  ratio: string;
  isQuantity: boolean;
  isOff: boolean;
}

function comparedRow(each: ComparedQuantity, signature: Signature): ComparedRow {
  const { key, name, quantity, first, second, ratio, same, why } = each;
  const isClip = quantity?.what.startsWith('clip') ?? false;
  const labelOf = (value: typeof first): string => (isClip && value === 0 ? l10n.t('off') : valueLabel(value));
  return {
    ...{ key, name, same, why, isQuantity: quantity !== null, isOff: OFF.has(first) },
    formula: quantity ? quantityFormula(quantity, signature) : '',
    first: labelOf(first),
    second: labelOf(second),
    ratio: ratio === null ? '' : same === true ? l10n.t('same') : factorLabel(ratio, 6),
  };
}

const OFF: ReadonlySet<ComparedQuantity['first']> = new Set([null, 0, l10n.t('no'), l10n.t('none'), l10n.t('full')]);
