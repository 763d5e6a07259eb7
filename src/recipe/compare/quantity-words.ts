import * as l10n from '@vscode/l10n';
import type { SideNames } from './compared';
import { fieldLabel } from '../field-names';
import { numberLabel } from '../notation';
import { lrPower, type OptimizerRow } from '../optimizers/optimizer-row';
import { isOne, type Ratio, type Ratios } from './ratio';
import type { FactorId, QuantityId, Signature } from '../signature';

/** `4× faster`, `1.5× slower`, `0.05 % faster`: how a ratio reads. */
export function moreOrLess(ratio: number, [up, down]: readonly [up: string, down: string]): string {
  const [size, word] = ratio >= 1 ? [ratio, up] : [1 / ratio, down];
  return size < 1.01 ? `${numberLabel((size - 1) * 100, 2)} % ${word}` : `${numberLabel(size)}× ${word}`;
}

export const FASTER = [l10n.t('faster'), l10n.t('slower')] as const;
export const LARGER = [l10n.t('larger'), l10n.t('smaller')] as const;

function sentence(of: string | null): string {
  return of === null ? l10n.t('It') : of.charAt(0).toUpperCase() + of.slice(1);
}

const LACKS: Readonly<Record<Exclude<NonNullable<Ratio['lacks']>, 'first' | 'second'>, string>> = {
  both: l10n.t('Not stated in either: if it is off it does not matter, otherwise it would have to change.'),
  init: l10n.t('The size of the init depends on what no config says, so there is no common unit.'),
  rule: l10n.t('No rule is known for this optimizer, so it is unknown whether it makes up for the other scaling.'),
  zero: l10n.t('One of them has none.'),
};

/** The meaning of a difference in one quantity. `second` is the subject of every sentence. */
export function reasonOf(
  { quantity: { what, factor }, ratio, lacks }: Ratio,
  ratios: Ratios,
  row: OptimizerRow | null,
  names: SideNames,
): string {
  if (lacks === 'first' || lacks === 'second') return l10n.t`Not stated in ${names[lacks]}.`;
  if (lacks && lacks !== 'zero') return LACKS[lacks];
  const of = factor === 'M' ? l10n.t('the part without scaling') : factor;
  switch (what) {
    case 'pace':
    case 'reach':
    case 'rate':
      if (ratio === null)
        return l10n.t`${sentence(of)} trains in only one of the two: in the other its learning rate is 0.`;
      return l10n.t`${sentence(of)} learns ${moreOrLess(ratio, FASTER)}${row?.rate === 'fixed' ? l10n.t(' and no setting changes that') : ''}.`;
    case 'start':
      return ratio === null ? LACKS.zero : l10n.t`${of ?? ''} starts ${moreOrLess(ratio, LARGER)}.`;
    case 'sizeA':
      return ratio === null ? LACKS.zero : l10n.t`A, which does not train here, is ${moreOrLess(ratio, LARGER)}.`;
    case 'residual':
      return l10n.t('The init takes s·B·A away from the frozen weights; at another scaling other weights are frozen.');
    case 'balance':
      return l10n.t('A and B share one state of the optimizer, and how they weigh in it (s·σ_A²) differs.');
    case 'scaling':
      return l10n.t('The scaling differs.');
    case 'early':
      return row?.early?.steps === 1
        ? l10n.t("In the first step this optimizer's step goes by another power of the scaling.")
        : l10n.t("In the first steps this optimizer's step goes by another power of the scaling.");
    case 'decay':
      return decayReason(factor, ratio, ratios, row);
    default:
      return heldReason(what, of ?? '', ratio);
  }
}

/** Max grad norm, max grad value or a constant of the optimizer. */
function heldReason(what: QuantityId['what'], of: string, ratio: number | null): string {
  if (ratio === null) return l10n.t`${heldName(what)} is on in only one of the two.`;
  const how = moreOrLess(ratio, [l10n.t('higher'), l10n.t('lower')]);
  switch (what) {
    case 'clipValue':
      return l10n.t`Relative to the gradients of ${of}, max grad value is ${how}.`;
    case 'clip':
      return l10n.t`Relative to the gradients of ${of}, max grad norm is ${how}.`;
    case 'eps':
      return l10n.t`Relative to the gradients of ${of}, eps is ${how}; it matters where those gradients are about as small as eps.`;
    default:
      return l10n.t`${what} of ${of} is ${how}.`;
  }
}

function heldName(what: QuantityId['what']): string {
  if (what === 'clip') return sentence(fieldLabel('maxGradNorm'));
  return what === 'clipValue' ? sentence(fieldLabel('maxGradValue')) : what;
}

function decayReason(factor: FactorId | null, ratio: number | null, ratios: Ratios, row: OptimizerRow | null): string {
  const of = factor === 'M' ? l10n.t('The part without scaling') : factor;
  if (ratio === null) return l10n.t`${of ?? ''} decays in one of them alone.`;
  if (row?.decay !== 'decoupled')
    return l10n.t`Relative to the gradients of ${(factor === 'M' ? l10n.t('the part without scaling') : factor) ?? ''}, weight decay counts ${moreOrLess(ratio, [l10n.t('more'), l10n.t('less')])}.`;
  const rate =
    [ratios.pace, ratios.reach, ratios.rateM][factor === 'M' ? 2 : rateIndexOf(factor, ratios)]?.ratio ?? null;
  const speed = rate === null ? null : ratio * rate;
  if (speed === null || row.decayPower === 0) return l10n.t`${of ?? ''} forgets ${moreOrLess(ratio, FASTER)}.`;
  if (isOne(speed))
    return l10n.t`${of ?? ''} forgets as fast at each step, but that is ${moreOrLess(ratio, [l10n.t('more'), l10n.t('less')])} beside how fast it learns.`;
  return l10n.t`${of ?? ''} forgets ${moreOrLess(speed, FASTER)} at each step.`;
}

function rateIndexOf(factor: FactorId | null, ratios: Ratios): 0 | 1 {
  return factor === 'A' && ratios.pace !== undefined ? 0 : 1;
}

/** `reach of B`, `decay of A`, `max grad norm of B`. */
export function quantityName({ what, factor }: QuantityId): string {
  const of = factor === 'M' ? l10n.t('the rest') : (factor ?? '');
  switch (what) {
    case 'pace':
      return l10n.t`pace of ${of}`;
    case 'reach':
      return l10n.t`reach of ${of}`;
    case 'start':
      return l10n.t`start of ${of}`;
    case 'rate':
      return factor === 'M' ? l10n.t('learning rate of the part without scaling') : l10n.t`learning rate of ${of}`;
    case 'sizeA':
      return l10n.t('size of A');
    case 'residual':
      return l10n.t('frozen weights');
    case 'balance':
      return l10n.t('balance of A and B');
    case 'scaling':
      return fieldLabel('scaling');
    case 'clip':
      return l10n.t`${fieldLabel('maxGradNorm')} of ${of}`;
    case 'clipValue':
      return l10n.t`${fieldLabel('maxGradValue')} of ${of}`;
    case 'decay':
      return l10n.t`${l10n.t('decay')} of ${of}`;
    case 'early':
      return l10n.t`${l10n.t('first steps')} of ${of}`;
    default:
      return l10n.t`${what} of ${of}`;
  }
}

/** How a quantity is computed from the recipe: `lr_B · s·σ_A`, `eps / σ_A`. Empty if it is just the number. */
export function quantityFormula({ what, factor }: QuantityId, { row, init }: Signature): string {
  if (!row || factor === null || factor === 'M') return '';
  const sigma = init?.A.factor === 0 ? 'σ_B' : 'σ_A';
  const isLead = (init?.A.factor === 0 ? 'B' : 'A') === factor;
  const [symbol, power] = symbolOf(what, factor, row);
  if (symbol === '') return '';
  const unit = isLead ? sigma : `s·${sigma}`;
  const exponent = isLead ? power : -power;
  if (exponent === 0) return symbol;
  const size = Math.abs(exponent);
  const raised = size === 1 ? unit : `${isLead ? unit : `(${unit})`}${size === 2 ? '²' : `^${size}`}`;
  return exponent > 0 ? `${symbol} · ${raised}` : `${symbol} / ${isLead || size !== 1 ? raised : `(${raised})`}`;
}

function symbolOf(what: QuantityId['what'], factor: FactorId, row: OptimizerRow): [symbol: string, power: number] {
  if (what === 'pace' || what === 'reach') return [row.rate === 'fixed' ? '1' : `lr_${factor}`, lrPower(row)];
  if (what === 'decay') return ['wd', row.decayPower];
  if (what === 'clip') return ['max_norm', 1];
  if (what === 'clipValue') return ['clip_value', 1];
  const constant = row.constants.find((each) => each.constant === what);
  return constant ? [what, constant.power] : ['', 0];
}
