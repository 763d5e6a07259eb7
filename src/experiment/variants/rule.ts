import { exactGauge, rescale, type Gauge, type GaugeId } from '../../recipe/gauge';
import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import { movedBy } from './hyper';
import { moveNumbers, type Owner } from './moved-numbers';
import type { MovedNumber, VariantSpec } from '../spec';
import { isSame } from './powers';

/**
 * `base` under the exact rule at scaling × k. A clip threshold is right in the symmetric gauge, or where B alone is
 * trained; elsewhere it stays.
 */
export function twinOf(
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

/** A number that a plan moves otherwise than the rule, as factors on the base's. */
export interface Departure {
  what: MovedNumber;
  owner: Owner;
  by: number;
  /** What the rule asks for; null where no one number is right. */
  right: number | null;
}

/**
 * What `variant` moves otherwise than the rule in its own gauge. A number that is 0 has no part in it, nor have those of
 * a factor that is not trained. Empty where no rule is known: then nothing can be said.
 */
export function departuresOf(base: VariantSpec, variant: VariantSpec, row: OptimizerRow): Departure[] {
  if (row.rule === 'none' || variant.scaling === base.scaling) return [];
  const found: Departure[] = [];
  const twin = twinOf(base, row, variant.scaling / base.scaling, gaugeOf(base, variant));
  // Walked along the twin, which has the rates of first steps where the rule needs them.
  const right = placedOf(base, twin);
  const moved = placedOf(base, { ...variant, ...withEarly(variant, twin) });
  for (const [key, { what, owner, from, to }] of right) {
    const by = moved.get(key)?.to ?? from;
    if (from === 0 || isIdle(row, what, owner) || isSame(by, to)) continue;
    found.push({ what, owner, by: by / from, right: to / from });
  }
  return [...found, ...shared(base, variant, row)];
}

/** Whether a rule fixes every number of a run in this gauge, so that a twin at a power of four must have the base's bits. */
export function hasExactTwin(base: VariantSpec, gauge: Gauge, row: OptimizerRow): boolean {
  return (
    row.rule !== 'none' &&
    (row.exactness === 'exact' || row.early !== undefined) &&
    // A decay that is multiplied by the rate would have to move along with the rate of the first steps.
    !(row.early?.of === 'both' && row.decay === 'decoupled' && base.a.weightDecay !== 0) &&
    shared(base, { ...base, gauge, scaling: base.scaling * gauge.p * gauge.q }, row).length === 0
  );
}

/** What all that trains has a part in, and so has no right value where it does not all grow alike. */
function shared(base: VariantSpec, { gauge: { p, q } }: VariantSpec, row: OptimizerRow): Departure[] {
  const splits = (p !== q && row.frozen !== 'A') || base.m !== undefined;
  const clips = (['maxGradNorm', 'maxGradValue'] as const).filter((what) => base[what] !== null && splits);
  return [
    ...clips.map((what): Departure => ({ what, owner: 'shared', by: 1, right: null })),
    ...(row.gauges === 'symmetric' && splits ? [{ what: 'd0', owner: 'shared', by: 1, right: null } as const] : []),
  ];
}

/** The split of k that a variant says it trains in; all of it B's where that is not its k. */
function gaugeOf(base: VariantSpec, { gauge, scaling }: VariantSpec): Gauge {
  const k = scaling / base.scaling;
  return isSame(gauge.p * gauge.q, k) ? gauge : { p: 1, q: k };
}

function isIdle({ frozen }: OptimizerRow, what: MovedNumber, owner: Owner): boolean {
  // B starts at zero here, at whatever size.
  return what === 'init' ? owner === 'B' : frozen === 'A' && owner === 'A';
}

function withEarly(variant: VariantSpec, twin: VariantSpec): Pick<VariantSpec, 'a' | 'b'> {
  const still = (early: readonly number[] | undefined): { early?: readonly number[] } =>
    early ? { early: early.map(() => 1) } : {};
  return { a: { ...still(twin.a.early), ...variant.a }, b: { ...still(twin.b.early), ...variant.b } };
}

type Placed = Record<'from' | 'to', number> & { what: MovedNumber; owner: Owner };

function placedOf(base: VariantSpec, variant: VariantSpec): Map<string, Placed> {
  const numbers = new Map<string, Placed>();
  moveNumbers(base, variant, (from, to, what, owner) => {
    // The same number of every early step: the first stands for all.
    const key = `${what} of ${owner}`;
    if (!numbers.has(key)) numbers.set(key, { what, owner, from, to });
    return to;
  });
  return numbers;
}
