import type { VariantSpec } from '../spec';

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
