import * as l10n from '@vscode/l10n';
import type { Comparison } from '../../recipe/compare/compare-recipes';
import type { ComparedQuantity } from '../../recipe/compare/compared';
import { quantityFormula } from '../../recipe/compare/quantity-words';
import { factorLabel, numberLabel } from '../../recipe/notation';

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

/** A number with six digits, a word as it is, `not stated` for null. */
export function valueLabel(value: ComparedQuantity['first']): string {
  if (value === null) return l10n.t('not stated');
  return typeof value === 'number' ? numberLabel(value, 6) : value;
}

function ratioLabel({ ratio, same }: ComparedQuantity): string {
  if (ratio === null) return '';
  if (same === true) return l10n.t('same');
  return factorLabel(ratio, 6);
}
