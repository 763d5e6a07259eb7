import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { VariantRole, VariantSpec } from '../spec';

/** Limit on draws; each further one trains about half as many variants as the first. */
export const MOST_SEEDS = 16;

/** Beside controls, what trains on every draw: it decides the verdict. The others are for comparison. */
const REPEATED: readonly VariantRole[] = ['base', 'rescaled', 'as-written', 'alpha-only', 'proof', 'rounded-rule'];

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

/** Enough to measure the rounding error; a further draw checks it with a few. */
const CONTROLS = 6;
const CONTROLS_AGAIN = 3;

/** Each element of A moves by one unit in the last place. */
export function controlsOf(base: VariantSpec): VariantSpec[] {
  const numbers = Array.from({ length: CONTROLS }, (_, i) => i + 1);
  return numbers.map((number) => ({ ...base, name: `control-${number}`, role: 'control', number, ulpSeed: number }));
}
