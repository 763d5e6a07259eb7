import { MOST_SEEDS } from '../experiment/variants/draws';
import { WORKERS } from '../worker/runner';

/**
 * Longest text, in characters, that is read on the extension host's own thread: longer texts may take more than a frame.
 * Of 2,200 public configs and scripts of 4 to 16 kB 9 in 10 take less than 9 ms; from 64 to 128 kB, up to 120 ms.
 */
export const MOST_HERE = 16 * 1024;

/** The fallback is used when the setting is not a number. */
type Bounds = Record<'low' | 'high' | 'fallback', number>;

/** Of every setting that is a number. package.json has the same bounds, with which the editor warns. */
export const BOUNDS = {
  seeds: { low: 1, high: MOST_SEEDS, fallback: 1 },
  workers: { low: 1, high: WORKERS.most, fallback: WORKERS.usual },
  'recipes.maxFiles': { low: 1, high: 1_000_000, fallback: 20_000 },
} as const satisfies Record<string, Bounds>;

/** The whole number nearest to a value within bounds. */
export function withinBounds({ low, high, fallback }: Bounds, value: unknown): number {
  if (typeof value !== 'number' || Number.isNaN(value)) return fallback;
  return Math.min(high, Math.max(low, Math.round(value)));
}
