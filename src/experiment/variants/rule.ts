import { exactGauge, rescale, type Gauge, type GaugeId } from '../../recipe/gauge';
import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import { movedBy, moveNumbers, type Owner } from './numbers';
import type { MovedNumber, VariantSpec } from '../spec';

/**
 * The baseline under the exact rule at scaling × k. Max grad norm is exact in the symmetric gauge, or if B alone is
 * trained; otherwise it stays.
 */
export function ruleVariant(
  base: VariantSpec,
  row: OptimizerRow,
  k: number,
  gauge: GaugeId | Gauge = exactGauge(row),
): VariantSpec {
  const moved = rescale(row, k, gauge);
  return {
    ...base,
    ...movedBy(base, moved),
    scaling: base.scaling * k,
    init: { A: base.init.A * moved.a.init, B: base.init.B * moved.b.init },
    gauge: moved.gauge,
  };
}

/** A number that a plan changes differently from the rule, as factors on the baseline's. */
export interface Departure {
  what: MovedNumber;
  owner: Owner;
  by: number;
  /** The rule's factor; null if no single number is right. */
  right: number | null;
}

/**
 * How `variant` differs from the rule in its own gauge; empty if no rule is known. Numbers that are 0, and those of a
 * frozen factor, are left out.
 */
export function departuresOf(base: VariantSpec, variant: VariantSpec, row: OptimizerRow): Departure[] {
  if (row.noRule || variant.scaling === base.scaling) return [];
  const found: Departure[] = [];
  const byRule = ruleVariant(base, row, variant.scaling / base.scaling, gaugeOf(base, variant));
  // Iterates over the rule's run, which has early rates if the rule needs them.
  const right = placedOf(base, byRule);
  const moved = placedOf(base, { ...variant, ...withEarly(variant, byRule) });
  for (const [key, { what, owner, from, to }] of right) {
    const by = moved.get(key)?.to ?? from;
    if (from === 0 || isIdle(row, what, owner) || isSame(by, to)) continue;
    found.push({ what, owner, by: by / from, right: to / from });
  }
  return [...found, ...shared(base, variant, row)];
}

/** Whether the rule fixes every number in this gauge: its run at a power of four must have the baseline's bits. */
export function isRuleExact(base: VariantSpec, gauge: Gauge, row: OptimizerRow): boolean {
  return (
    !row.noRule &&
    (row.exactness === 'exact' || row.early !== undefined) &&
    // A decoupled decay would have to change along with the early rates.
    !(row.early?.of === 'both' && row.decay === 'decoupled' && base.a.weightDecay !== 0) &&
    shared(base, { ...base, gauge, scaling: base.scaling * gauge.p * gauge.q }, row).length === 0
  );
}

/** Numbers that all trained parameters share. They have no right value if the gradients grow differently. */
function shared(base: VariantSpec, { gauge: { p, q } }: VariantSpec, row: OptimizerRow): Departure[] {
  const splits = (p !== q && row.frozen !== 'A') || base.m !== undefined;
  const clips = (['maxGradNorm', 'maxGradValue'] as const).filter((what) => base[what] !== null && splits);
  return [
    ...clips.map((what): Departure => ({ what, owner: 'shared', by: 1, right: null })),
    ...(row.gauges === 'symmetric' && splits ? [{ what: 'd0', owner: 'shared', by: 1, right: null } as const] : []),
  ];
}

/** If p·q is not its k, all of k goes to B. */
function gaugeOf(base: VariantSpec, { gauge, scaling }: VariantSpec): Gauge {
  const k = scaling / base.scaling;
  return isSame(gauge.p * gauge.q, k) ? gauge : { p: 1, q: k };
}

function isIdle({ frozen }: OptimizerRow, what: MovedNumber, owner: Owner): boolean {
  // B starts at zero, so its size has no effect.
  return what === 'init' ? owner === 'B' : frozen === 'A' && owner === 'A';
}

function withEarly(variant: VariantSpec, byRule: VariantSpec): Pick<VariantSpec, 'a' | 'b'> {
  const still = (early: readonly number[] | undefined): { early?: readonly number[] } =>
    early ? { early: early.map(() => 1) } : {};
  return { a: { ...still(byRule.a.early), ...variant.a }, b: { ...still(byRule.b.early), ...variant.b } };
}

type NumberChange = Record<'from' | 'to', number> & { what: MovedNumber; owner: Owner };

function placedOf(base: VariantSpec, variant: VariantSpec): Map<string, NumberChange> {
  const numbers = new Map<string, NumberChange>();
  moveNumbers(base, variant, (from, to, what, owner) => {
    // All early steps have the same factor; the first is enough.
    const key = `${what} of ${owner}`;
    if (!numbers.has(key)) numbers.set(key, { what, owner, from, to });
    return to;
  });
  return numbers;
}

/** Powers of k in rules are multiples of this. */
const STEP = 1 / 2;
const LARGEST_POWER = 4;

/** Relative error of a power that was computed by multiplication in float64. */
const SAME = 1e-11;

/** Splits a ratio into a power of k and a remainder, 1 if it is a pure power: `k^power · rest`. */
export function powerOf(ratio: number, k: number): Record<'power' | 'rest', number> {
  const exponent = Math.log(ratio) / Math.log(k);
  const power = Math.round(exponent / STEP) * STEP;
  if (!(Math.abs(power) <= LARGEST_POWER)) return { power: 0, rest: ratio };
  const rest = ratio / k ** power;
  return { power, rest: isSame(rest, 1) ? 1 : rest };
}

/** Whether two numbers agree up to the rounding of float64. */
export function isSame(one: number, other: number): boolean {
  return one === other || Math.abs(one - other) <= SAME * Math.abs(other);
}
