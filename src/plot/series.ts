import { type Curve, type CurveRole, familyOf } from '../experiment/words/curves';
import { deviationsOf, vanishing } from '../experiment/verdict/deviations';

/**
 * Where a logarithmic axis of relative deviations begins. Losses are float32, so two that differ do so by
 * at least 2^-24 (6e-8): whatever lies on the floor is the same to the last bit.
 */
export const DEVIATION_FLOOR = 1e-8;

/** What the deviation plot shows, apart from any drawing. */
interface DeviationSeries {
  /** Every curve but base and controls, in their order, with its deviation at every step that both have. */
  lines: readonly { curve: Curve; deviations: readonly number[] }[];
  /**
   * The largest deviation of any control up to each step: the rounding error. Shape [steps]; empty without controls. A
   * running maximum, because rounding noise takes off at another step in every run.
   */
  band: readonly number[];
}

/**
 * Splits the curves of a run into lines and band, each compared with the base of its own draw. `losses[i]` belongs to
 * `curves[i]`; without a base there is nothing.
 */
export function deviationSeries(curves: readonly Curve[], losses: readonly (readonly number[])[]): DeviationSeries {
  const all = curves.flatMap((curve, i) => {
    const at = curves.findIndex(({ role, draw = 0 }) => role === 'base' && draw === (curve.draw ?? 0));
    const base = losses[at] ?? [];
    const deviations = deviationsOf((losses[i] ?? []).slice(0, base.length), base, vanishing(base));
    return at < 0 ? [] : [{ curve, deviations }];
  });
  const controls = all.filter(({ curve }) => curve.role === 'control').map(({ deviations }) => deviations);
  const steps = controls.length === 0 ? 0 : Math.min(...controls.map(({ length }) => length));
  let largest = 0;
  return {
    lines: all.filter(({ curve }) => curve.role !== 'base' && isLine(curve)),
    band: Array.from({ length: steps }, (_, step) => {
      return (largest = Math.max(largest, ...controls.map((control) => control[step] ?? 0)));
    }),
  };
}

/** Roles of runs that only the verdict looks at. */
const HIDDEN: readonly CurveRole[] = ['control', 'proof', 'rule', 'wrong-number', 'rounded-rule', 'rate'];

/**
 * Whether a curve is a line of the loss and its difference: controls make the band, the proofs have their sentences in
 * the verdict, and learning rates have a plot of their own.
 */
export function isLine({ role }: Pick<Curve, 'role'>): boolean {
  return !HIDDEN.includes(role);
}

/** Upper end of the deviation's logarithmic axis: the next power of ten above everything finite, from 1 % to 1000. */
export function deviationCeiling({ lines, band }: DeviationSeries): number {
  const finite = [...band, ...lines.flatMap(({ deviations }) => deviations)].filter(Number.isFinite);
  const largest = finite.reduce((most, value) => Math.max(most, value), DEVIATION_FLOOR);
  return Math.min(1e3, Math.max(1e-2, 10 ** Math.ceil(Math.log10(largest))));
}

/** At most `count` steps (or curves) out of `total`, evenly spread, with the first and the last. */
export function sampledSteps(total: number, count: number): number[] {
  if (total <= count) return Array.from({ length: total }, (_, step) => step);
  return Array.from({ length: count }, (_, i) => Math.round((i * (total - 1)) / (count - 1)));
}

/** A curve's point: step and value. */
type StepValue = readonly [step: number, value: number];

/**
 * At most about `2 · columns` points that look the same when drawn: of every column of steps the smallest and the
 * largest value, in their order. Values that are not finite are kept where they stand, since they break the line.
 */
export function thinned(values: readonly number[], columns: number): StepValue[] {
  const all = values.map((value, step): StepValue => [step, value]);
  const width = Math.ceil(all.length / Math.max(1, columns));
  if (width <= 2) return all;
  const kept = new Set<StepValue | undefined>();
  for (let from = 0; from < all.length; from += width) {
    const column = all.slice(from, from + width);
    const finite = column.filter(([, value]) => Number.isFinite(value)).sort((a, b) => a[1] - b[1]);
    const chosen = [finite[0], finite.at(-1), column.find(([, value]) => !Number.isFinite(value))];
    for (const point of column) if (chosen.includes(point)) kept.add(point);
  }
  return [...kept.add(all.at(-1))].filter((point) => point !== undefined);
}

/** Curves that answer the question; the others are drawn when somebody asks for them. */
const MAIN: readonly CurveRole[] = ['base', 'rescaled', 'alpha-only', 'blog-rule', 'fit'];

/** Which curves somebody wants to see. */
export interface CurveChoice {
  /** Also those of the other plans, and of the run as written. */
  more: boolean;
  /** Name of the only curve to be drawn, beside the baseline; null for all. */
  solo: string | null;
}

/** Whether a curve is one of the few that are always drawn. */
export function isMain({ role }: Pick<Curve, 'role'>): boolean {
  return MAIN.includes(role);
}

/** Whether a curve is drawn. A sweep's curves are all `rescaled`. */
export function isDrawn(curve: Curve, { more, solo }: CurveChoice): boolean {
  if (solo !== null) return familyOf(curve) === solo || curve.role === 'base';
  return more || isMain(curve);
}
