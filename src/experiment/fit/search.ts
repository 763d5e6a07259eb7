import type { Fit, FitSpec } from '../spec';
import { deviationsOf, largest } from '../judge/deviations';
import { closestBetween, closestOf, type Tried } from './between';

/** How much closer together the rates of the next row stand: the guess, and one on each side of it. */
const NARROWING = 8;

/** Where the closest so far is what was guessed, to this, the search is over. */
const CAME_TRUE = 0.05;

/** Rates nearer than this share of the spacing are one: a row that goes on from an end meets the next but for rounding. */
const SAME_RATE = 1e-6;

/**
 * The one learning rate whose curve lies closest to the base's, as the verdict measures it: by the largest relative
 * deviation of the loss over the run. First a row of rates from end to end, then a few of three around the place where
 * the interpolated curves lie closest, until one is as close as was expected.
 * @param base losses of the base, [steps]
 * @param trainRow the curves at these factors on the base's rate, [factors][steps]; null when it was stopped
 * @returns the best so far when it was stopped; null where no rate gave a finite curve
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
    // Beyond the ends there is nothing to interpolate between: there the search walks on as wide as before.
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
