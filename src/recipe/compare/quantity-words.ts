import * as l10n from '@vscode/l10n';
import type { SideNames } from './compared';
import { fieldLabel } from '../field-names';
import { numberLabel } from '../notation';
import { lrPower, type OptimizerRow } from '../optimizers/optimizer-row';
import { isOne, type Ratio, type Ratios } from './ratio';
import { heldNumbers, leadOf, type QuantityId, type Signature } from '../signature';

/** `4× faster`, `1.5× slower`, `0.05 % faster`: how a ratio reads. */
export function moreOrLess(ratio: number, [up, down]: readonly [up: string, down: string]): string {
  const [size, word] = ratio >= 1 ? [ratio, up] : [1 / ratio, down];
  return size < 1.01 ? `${numberLabel((size - 1) * 100, 2)} % ${word}` : `${numberLabel(size)}× ${word}`;
}

export const FASTER = [l10n.t('faster'), l10n.t('slower')] as const;
export const LARGER = [l10n.t('larger'), l10n.t('smaller')] as const;

const HIGHER = [l10n.t('higher'), l10n.t('lower')] as const;
const MORE = [l10n.t('more'), l10n.t('less')] as const;

const LACKS: Readonly<Record<Exclude<NonNullable<Ratio['lacks']>, 'first' | 'second'>, string>> = {
  both: l10n.t('Not stated in either: if it is off it does not matter, otherwise it would have to change.'),
  init: l10n.t('The size of the init depends on what no config says, so there is no common unit.'),
  rule: l10n.t('No rule is known for this optimizer, so it is unknown whether it makes up for the other scaling.'),
  zero: l10n.t('One of them has none.'),
};

/** What a quantity is called; those without a factor by their whole name. Constants have no other than their own. */
const WORDS: Readonly<Partial<Record<QuantityId['what'], string>>> = {
  pace: l10n.t('pace'),
  reach: l10n.t('reach'),
  start: l10n.t('start'),
  rate: fieldLabel('learningRate'),
  sizeA: l10n.t('size of A'),
  residual: l10n.t('frozen weights'),
  balance: l10n.t('balance of A and B'),
  scaling: fieldLabel('scaling'),
  clip: fieldLabel('maxGradNorm'),
  clipValue: fieldLabel('maxGradValue'),
  decay: l10n.t('decay'),
  early: l10n.t('first steps'),
};

const WITHOUT_FACTOR: ReadonlySet<string> = new Set(['sizeA', 'residual', 'balance', 'scaling']);

/** `reach of B`, `decay of A`, `max grad norm of B`. */
export function quantityName({ what, factor }: QuantityId): string {
  const word = WORDS[what] ?? what;
  if (WITHOUT_FACTOR.has(what)) return word;
  if (factor === 'M' && what === 'rate') return l10n.t('learning rate of the part without scaling');
  return l10n.t`${word} of ${factor === 'M' ? l10n.t('the rest') : (factor ?? '')}`;
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The meaning of a difference in one quantity. `second` is the subject of every sentence. */
export function reasonOf(difference: Ratio, ratios: Ratios, row: OptimizerRow | null, names: SideNames): string {
  const { quantity, ratio, lacks } = difference;
  const { what, factor } = quantity;
  if (lacks === 'first' || lacks === 'second') return l10n.t`Not stated in ${names[lacks]}.`;
  if (lacks && lacks !== 'zero') return LACKS[lacks];
  const of = factor === 'M' ? l10n.t('the part without scaling') : (factor ?? '');
  const start = capitalised(of);
  switch (what) {
    case 'pace':
    case 'reach':
    case 'rate':
      if (ratio === null) return l10n.t`${start} trains in only one of the two: in the other its learning rate is 0.`;
      return l10n.t`${start} learns ${moreOrLess(ratio, FASTER)}${row?.rate === 'fixed' ? l10n.t(' and no setting changes that') : ''}.`;
    case 'start':
      return ratio === null ? LACKS.zero : l10n.t`${of} starts ${moreOrLess(ratio, LARGER)}.`;
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
    case 'decay': {
      if (ratio === null) return l10n.t`${start} decays in one of them alone.`;
      if (row?.decay !== 'decoupled')
        return l10n.t`Relative to the gradients of ${of}, weight decay counts ${moreOrLess(ratio, MORE)}.`;
      const ofLayer = factor === 'A' && ratios.pace ? ratios.pace : ratios.reach;
      const rate = (factor === 'M' ? ratios.rateM : ofLayer)?.ratio ?? null;
      if (rate === null || row.decayPower === 0) return l10n.t`${start} forgets ${moreOrLess(ratio, FASTER)}.`;
      return isOne(ratio * rate)
        ? l10n.t`${start} forgets as fast at each step, but that is ${moreOrLess(ratio, MORE)} beside how fast it learns.`
        : l10n.t`${start} forgets ${moreOrLess(ratio * rate, FASTER)} at each step.`;
    }
  }
  const isClip = what === 'clip' || what === 'clipValue';
  const word = WORDS[what] ?? what;
  if (ratio === null) return l10n.t`${isClip ? capitalised(word) : word} is on in only one of the two.`;
  const how = moreOrLess(ratio, HIGHER);
  if (what === 'eps')
    return l10n.t`Relative to the gradients of ${of}, eps is ${how}; it matters where those gradients are about as small as eps.`;
  return isClip ? l10n.t`Relative to the gradients of ${of}, ${word} is ${how}.` : l10n.t`${word} of ${of} is ${how}.`;
}

/** What the recipe calls a number of a quantity. */
const SYMBOLS: Readonly<Partial<Record<QuantityId['what'], string>>> = {
  decay: 'wd',
  clip: 'max_norm',
  clipValue: 'clip_value',
};

/** How a quantity is computed from the recipe: `lr_B · s·σ_A`, `eps / σ_A`. Empty if it is just the number. */
export function quantityFormula({ what, factor }: QuantityId, { row, init }: Signature): string {
  if (!row || factor === null || factor === 'M') return '';
  const isRate = what === 'pace' || what === 'reach';
  const power = isRate ? lrPower(row) : heldNumbers(row).find((held) => held.what === what)?.power;
  if (power === undefined) return '';
  const symbol = isRate ? (row.rate === 'fixed' ? '1' : `lr_${factor}`) : (SYMBOLS[what] ?? what);
  const lead = leadOf(init);
  const isLead = lead === factor;
  const unit = isLead ? `σ_${lead}` : `s·σ_${lead}`;
  const exponent = isLead ? power : -power;
  if (exponent === 0) return symbol;
  const size = Math.abs(exponent);
  const raised = size === 1 ? unit : `${isLead ? unit : `(${unit})`}${size === 2 ? '²' : `^${size}`}`;
  return exponent > 0 ? `${symbol} · ${raised}` : `${symbol} / ${isLead || size !== 1 ? raised : `(${raised})`}`;
}
