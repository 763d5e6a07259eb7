import type { Curve } from '../../experiment/words/curves';
import { BAND_LABEL } from '../../plot/chart';
import { deviationSeries } from '../../plot/series';

/** One row per step, one column per curve with its losses, then the deviations from the base. Numbers in full. */
export function runAsCsv(curves: readonly Curve[], losses: readonly (readonly number[])[]): string {
  const deviations = deviationSeries(curves, losses);
  const columns = [
    ...curves.map(({ name }, index) => ({ name: `loss of ${name}`, values: losses[index] ?? [] })),
    ...deviations.lines.map(({ curve, deviations }) => ({ name: `deviation of ${curve.name}`, values: deviations })),
    ...(deviations.band.length > 0 ? [{ name: BAND_LABEL, values: deviations.band }] : []),
  ];
  const steps = Math.max(0, ...columns.map(({ values }) => values.length));
  const rows = Array.from({ length: steps }, (_, step) => [step, ...columns.map(({ values }) => values[step] ?? '')]);
  return [['step', ...columns.map(({ name }) => quoted(name))], ...rows].map((row) => row.join(',') + '\n').join('');
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
