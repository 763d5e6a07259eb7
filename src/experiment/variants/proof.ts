import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import { sameNumbers, moveNumbers, type Owner } from './numbers';
import type { MovedNumber, VariantSpec, WrongNumber } from '../spec';
import { powerOf, isRuleExact, ruleVariant } from './rule';

/**
 * Variants that test whether the numbers of `rescaled` are exact, however small the error:
 *
 * - `proof`: the plan at another scaling. Each number is read as a power of k, and k moves to the nearest value at
 *   which these powers are powers of two. Nothing rounds there, so the right powers give the baseline's bits and wrong
 *   ones do not.
 * - `rule`: what the optimizer's rule asks for at that scaling, if it differs.
 * - `wrong-number`: the rule with one number wrong, to test whether this run would show it.
 * - `rounded-rule`: the rule at scalings where it rounds, to measure the rounding error of a right plan.
 */
export function proofsOf(base: VariantSpec, rescaled: VariantSpec, row: OptimizerRow): VariantSpec[] {
  const k = rescaled.scaling / base.scaling;
  // Without a rule there are no powers to compare with.
  if (k === 1 || row.noRule) return [];
  const even = evenScaling(base, rescaled);
  const proof: VariantSpec = { ...atScaling(base, rescaled, even), name: 'proof', role: 'proof' };
  const isItself = isSameRun(proof, rescaled);
  const right = isRuleExact(base, proof.gauge, row) ? ruleVariant(base, row, even, proof.gauge) : null;
  return [
    ...(isItself ? [] : [proof]),
    ...(right && !isSameRun(right, proof) ? [{ ...right, name: 'rule', role: 'rule' } as const] : []),
    ...(right ? wrongNumbers(base, right, proof) : []),
    ...(right && row.gauges === 'symmetric' ? roundedRules(base, row, even) : []),
  ];
}

/** Factors away from the even scaling: their mantissas differ from the baseline's and from each other. */
const ROUNDED_AT = [0.7, 1.3, 1.7];

/**
 * Optimizers with one shared estimate of the distance amplify differences of a few units in the last place of A. In a
 * control, A and its start move together; in a rescaled run, both are rounded on another grid: a hundred times the
 * error.
 */
function roundedRules(base: VariantSpec, row: OptimizerRow, even: number): VariantSpec[] {
  return ROUNDED_AT.map((factor, i) => ({
    ...ruleVariant(base, row, even * factor),
    name: `rounded-rule-${i + 1}`,
    role: 'rounded-rule',
    number: i + 1,
  }));
}

/** Values of a wrong number. @param unit what the gradients of its factor are multiplied by */
const WRONG: Readonly<Record<WrongNumber['how'], (from: number, to: number, unit: number) => number>> = {
  left: (from) => from,
  up: (_, to, unit) => to * unit,
  down: (_, to, unit) => to / unit,
};

/**
 * The rule with one number wrong at a time: left at the baseline's value, or multiplied or divided by c if the rule
 * leaves it. If the losses do not change, this run does not test that number.
 */
function wrongNumbers(base: VariantSpec, right: VariantSpec, proof: VariantSpec): VariantSpec[] {
  const { p, q } = right.gauge;
  const isMoved = new Map<MovedNumber, boolean>();
  moveNumbers(base, right, (from, to, what, owner) => {
    const isTelling = what === 'init' || (what === 'lr' && p === q);
    if (from !== 0 && !isTelling && unitOf(owner, right) !== 1) isMoved.set(what, !!isMoved.get(what) || from !== to);
    return to;
  });
  const withWrong = (wrong: WrongNumber): VariantSpec => ({
    ...moveNumbers(base, right, (from, to, what, owner) =>
      what === wrong.what ? WRONG[wrong.how](from, to, unitOf(owner, right)) : to,
    ),
    name: `wrong-${wrong.what}-${wrong.how}`,
    role: 'wrong-number',
    wrong,
  });
  return [...isMoved]
    .flatMap(([what, moves]) =>
      // A number that the rule leaves is tried in both directions, because only one of them may change the losses.
      (moves ? (['left'] as const) : (['up', 'down'] as const)).map((how) => withWrong({ what, how })),
    )
    .filter((one) => !isSameRun(one, proof));
}

function unitOf(owner: Owner, { gauge: { p, q } }: VariantSpec): number {
  return { A: p, B: q, shared: q, m: 1 }[owner];
}

/** The nearest factor of the scaling, except 1, at which all of the plan's powers of k are powers of two. */
export function evenScaling(base: VariantSpec, rescaled: VariantSpec): number {
  const k = rescaled.scaling / base.scaling;
  const isWholePower = (ratio: number): boolean => Number.isInteger(powerOf(ratio, k).power);
  let isWhole = isWholePower(rescaled.gauge.p);
  moveNumbers(base, rescaled, (from, to) => {
    if (from !== 0 && to !== 0) isWhole &&= isWholePower(to / from);
    return to;
  });
  const even = isWhole ? 2 : 4;
  return even ** (Math.round(Math.log2(k) / Math.log2(even)) || (k > 1 ? 1 : -1));
}

/** `rescaled` at another factor of the scaling: every number keeps its power of k and its remainder. */
export function atScaling(base: VariantSpec, rescaled: VariantSpec, factor: number): VariantSpec {
  const k = rescaled.scaling / base.scaling;
  const taken = (ratio: number): number => {
    const { power, rest } = powerOf(ratio, k);
    return factor ** power * rest;
  };
  const moved = moveNumbers(base, rescaled, (from, to) => (from === 0 || to === 0 ? to : from * taken(to / from)));
  const { p, q } = rescaled.gauge;
  return { ...moved, scaling: base.scaling * factor, gauge: { p: taken(p), q: taken(q) } };
}

/** Whether two variants train the same float32 numbers from the same start. (B starts at zero.) */
export function isSameRun(one: VariantSpec, other: VariantSpec): boolean {
  const starts = ({ scaling, init }: VariantSpec): string => String([scaling, init.A].map(Math.fround));
  return starts(one) === starts(other) && sameNumbers(one, other);
}
