import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { VariantRole, VariantSpec } from '../spec';

/** Limit on draws; each further one trains about half as many variants as the first. */
export const MOST_SEEDS = 16;

/** Controls of a further draw. The first draw measures the rounding error; these check it elsewhere. */
const CONTROLS_AGAIN = 3;

/**
 * Variants that decide the verdict train on every draw. Other plans and the popular rule are for comparison and train
 * once.
 */
const REPEATED: readonly VariantRole[] = [
  'base',
  'rescaled',
  'as-written',
  'alpha-only',
  'proof',
  'rounded-rule',
  'control',
];

/** The seeds of `count` draws: `first` and the next ones. */
export function seedsFrom(first: number, count: number): number[] {
  return Array.from({ length: Math.min(MOST_SEEDS, Math.max(1, Math.round(count))) }, (_, i) => first + i);
}

/**
 * The variants of the first draw, then those of each further draw with its seed. If no rule is known for the optimizer,
 * every variant is repeated on every draw.
 */
export function overDraws(
  variants: readonly VariantSpec[],
  seeds: readonly number[],
  { noRule }: Pick<OptimizerRow, 'noRule'>,
): VariantSpec[] {
  const controls = variants.filter(({ role }) => role === 'control').slice(0, CONTROLS_AGAIN);
  const repeated = variants.filter((variant) =>
    variant.role === 'control' ? controls.includes(variant) : noRule || REPEATED.includes(variant.role),
  );
  const further = seeds.flatMap((seed, draw) =>
    draw === 0 ? [] : repeated.map((variant) => ({ ...variant, draw, seed })),
  );
  return [...variants, ...further];
}

/** Name of a variant, unique over all draws: `rescaled`, and `rescaled@2` on the draw of seed 2. */
export function variantName({ name, seed }: Pick<VariantSpec, 'name' | 'seed'>): string {
  return seed === undefined ? name : `${name}@${seed}`;
}

/** Number of controls: enough to measure the rounding error. */
const CONTROLS = 6;

/** Controls: the baseline with each element of A moved by one unit in the last place. */
export function controlsOf(base: VariantSpec): VariantSpec[] {
  return Array.from({ length: CONTROLS }, (_, i) => ({
    ...base,
    name: `control-${i + 1}`,
    role: 'control',
    number: i + 1,
    ulpSeed: i + 1,
  }));
}
