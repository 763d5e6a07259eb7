import { type Curve, type CurveRole, familyOf } from '../experiment/words/curves';
import { deviationsOf, vanishing } from '../experiment/verdict/deviations';

/**
 * Where a logarithmic axis of relative deviations begins. Losses are float32, so two that differ do so by
 * at least 2^-24 (6e-8): whatever lies on the floor is the same to the last bit.
 */
export const DEVIATION_FLOOR = 1e-8;

/** {@link deviationsOf} at every step both curves have, as the verdict reckons: 0 for the same value. Shape [steps]. */
export function deviationsFrom(base: readonly number[], loss: readonly number[]): number[] {
  return deviationsOf(loss.slice(0, base.length), base, vanishing(base));
}

/**
 * The largest deviation of any control up to each step: the rounding error. Shape [steps]. A running maximum, because
 * rounding noise takes off at another step in every run.
 */
export function controlsBand(base: readonly number[], controls: readonly (readonly number[])[]): number[] {
  let largest = 0;
  return upperEdge(controls.map((control) => deviationsFrom(base, control))).map(
    (deviation) => (largest = Math.max(largest, deviation)),
  );
}

/** What the deviation plot shows, apart from any drawing. */
interface DeviationSeries {
  /** Every curve but the base and the controls, in their order, with its deviation per step. */
  lines: readonly { curve: Curve; deviations: readonly number[] }[];
  /** {@link controlsBand}; empty where there are no controls. */
  band: readonly number[];
}

/**
 * Splits the curves of a run into lines and band, each compared with the base of its own draw. `losses[i]` belongs to
 * `curves[i]`; without a base there is nothing.
 */
export function deviationSeries(curves: readonly Curve[], losses: readonly (readonly number[])[]): DeviationSeries {
  const draws = [...new Set(curves.map(({ draw = 0 }) => draw))];
  const parts = draws.map((draw) => {
    const own = curves.flatMap((curve, index) =>
      (curve.draw ?? 0) === draw ? [{ curve, values: losses[index] ?? [] }] : [],
    );
    const base = own.find(({ curve }) => curve.role === 'base')?.values;
    if (!base) return { lines: [], band: [] };
    return {
      lines: own
        .filter(({ curve }) => curve.role !== 'base' && isLine(curve))
        .map(({ curve, values }) => ({ curve, deviations: deviationsFrom(base, values) })),
      band: controlsBand(
        base,
        own.filter(({ curve }) => curve.role === 'control').map(({ values }) => values),
      ),
    };
  });
  return {
    lines: parts.flatMap(({ lines }) => lines),
    band: upperEdge(parts.flatMap(({ band }) => (band.length > 0 ? [band] : []))),
  };
}

/** Roles of runs that only the verdict looks at. */
const HIDDEN: readonly CurveRole[] = ['control', 'proof', 'rule', 'wrong-number', 'rounded-rule'];

/** Whether a curve is drawn as a line: controls make the band, and the proofs have their sentences in the verdict. */
export function isLine({ role }: Pick<Curve, 'role'>): boolean {
  return !HIDDEN.includes(role);
}

/** The largest of several curves at every step that all have. */
function upperEdge(curves: readonly (readonly number[])[]): number[] {
  const steps = curves.length === 0 ? 0 : Math.min(...curves.map(({ length }) => length));
  return Array.from({ length: steps }, (_, step) => Math.max(...curves.map((curve) => curve[step] ?? 0)));
}

/** Upper end of the deviation's logarithmic axis: the next power of ten above everything finite, from 1 % to 1000. */
export function deviationCeiling({ lines, band }: DeviationSeries): number {
  let largest = 0;
  for (const values of [band, ...lines.map(({ deviations }) => deviations)]) {
    for (const value of values) if (Number.isFinite(value)) largest = Math.max(largest, value);
  }
  return Math.min(1e3, Math.max(1e-2, 10 ** Math.ceil(Math.log10(Math.max(largest, DEVIATION_FLOOR)))));
}

/** At most `count` steps out of `total`, evenly spread, with the first and the last. */
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
  const kept: StepValue[] = [];
  for (let from = 0; from < all.length; from += width) kept.push(...extremes(all.slice(from, from + width)));
  const last = all.at(-1);
  if (last && kept.at(-1)?.[0] !== last[0]) kept.push(last);
  return kept;
}

function extremes(column: readonly StepValue[]): StepValue[] {
  const broken = column.find(([, value]) => !Number.isFinite(value));
  const finite = column.filter(([, value]) => Number.isFinite(value));
  const chosen = broken ? [broken] : [];
  if (finite.length > 0) {
    chosen.push(finite.reduce((best, point) => (point[1] < best[1] ? point : best)));
    chosen.push(finite.reduce((best, point) => (point[1] > best[1] ? point : best)));
  }
  return [...new Set(chosen)].sort((a, b) => a[0] - b[0]);
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
