import { MOST_SEEDS } from '../experiment/variants/draws';

/** The bounds of a setting that is a number. */
interface Bounds {
  low: number;
  high: number;
  /** Used when the setting is not a number. */
  fallback: number;
}

/** Of every setting that is a number. package.json has the same bounds, with which the editor warns. */
export const BOUNDS = {
  seeds: { low: 1, high: MOST_SEEDS, fallback: 1 },
  'recipes.maxFiles': { low: 1, high: 1_000_000, fallback: 20_000 },
} as const satisfies Record<string, Bounds>;

/** The whole number nearest to a value within bounds. */
export function withinBounds({ low, high, fallback }: Bounds, value: unknown): number {
  if (typeof value !== 'number' || Number.isNaN(value)) return fallback;
  return Math.min(high, Math.max(low, Math.round(value)));
}
