import type { Fit, FitSpec } from '../spec';
import { deviationsOf, largest } from '../judge/deviations';
import { closestBetween, closestOf, type Tried } from './between';

/** Factor by which the spacing of the next row shrinks: the predicted rate, with one on each side. */
const NARROWING = 8;

/** The search ends when the deviation agrees with its prediction to this relative error. */
const CAME_TRUE = 0.05;

/**
 * Rates closer than this share of the spacing count as one: a row that continues from an end overlaps with the next one
 * up to rounding.
 */
const SAME_RATE = 1e-6;

/**
 * Finds the single learning rate whose curve is closest to the baseline's, by the verdict's measure: the largest
 * relative deviation of the loss over the run. First it trains a row of rates over the whole range, then rows of three
 * around the minimum of the interpolated curves, until a curve is as close as predicted.
 * @param base losses of the baseline, [steps]
 * @param trainRow the curves at these factors on the baseline's rate, [factors]
 */
export async function closestRate(
  { from, to, count, rounds }: FitSpec,
  base: readonly number[],
  trainRow: (factors: readonly number[]) => Promise<number[][] | null>,
): Promise<Fit | null> {
  let tried: Tried[] = [];
  const attempt = async (logs: readonly number[]): Promise<boolean> => {
    const curves = await trainRow(logs.map(Math.exp));
    if (!curves) return false;
    const row = logs.map((log, i): Tried => {
      const losses = curves[i] ?? [];
      return { log, losses, deviation: largest(deviationsOf(losses, base)) };
    });
    tried = [...tried, ...row].toSorted((one, other) => one.log - other.log);
    return true;
  };

  let spacing = Math.log(to / from) / (count - 1);
  let goesOn = await attempt(Array.from({ length: count }, (_, i) => Math.log(from) + i * spacing));
  for (let round = 1; round <= rounds && goesOn; round++) {
    const guess = closestBetween(tried, base);
    if (!guess) break;
    // No interpolation is possible beyond the ends, so the search moves on at the same spacing.
    if (!guess.isEnd) spacing /= NARROWING;
    const around = [guess.log - spacing, guess.log, guess.log + spacing];
    const isNew = (log: number): boolean => tried.every((each) => Math.abs(each.log - log) > SAME_RATE * spacing);
    const isTrained = await attempt(around.filter(isNew));
    const least = closestOf(tried)?.deviation ?? Number.POSITIVE_INFINITY;
    goesOn = isTrained && (guess.isEnd || Math.abs(least / guess.deviation - 1) > CAME_TRUE);
  }
  const best = closestOf(tried);
  return best && Number.isFinite(best.deviation)
    ? { lr: Math.exp(best.log), deviation: best.deviation, losses: [...best.losses] }
    : null;
}
