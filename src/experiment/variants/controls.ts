import type { VariantSpec } from '../spec';

/** Enough perturbed copies of the base to know how far rounding alone drifts. */
const CONTROLS = 6;

/** Copies of the base with A moved by one unit in the last place. */
export function controlsOf(base: VariantSpec): VariantSpec[] {
  return Array.from({ length: CONTROLS }, (_, i) => ({
    ...base,
    name: `control-${i + 1}`,
    role: 'control',
    number: i + 1,
    ulpSeed: i + 1,
  }));
}
