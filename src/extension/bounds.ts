import { MOST_SEEDS } from '../experiment/variants/draws';

/** What a number among the settings may be. */
interface Bounds {
  low: number;
  high: number;
  /** What it is where nobody wrote a number. */
  otherwise: number;
}

/** Those of every setting that is a number; package.json has the same, and the editor says so where they are not kept. */
export const BOUNDS = {
  seeds: { low: 1, high: MOST_SEEDS, otherwise: 1 },
  'recipes.maxFiles': { low: 1, high: 1_000_000, otherwise: 20_000 },
} as const satisfies Record<string, Bounds>;

/** The whole number nearest to a value within bounds. */
export function withinBounds({ low, high, otherwise }: Bounds, value: unknown): number {
  if (typeof value !== 'number' || Number.isNaN(value)) return otherwise;
  return Math.min(high, Math.max(low, Math.round(value)));
}
