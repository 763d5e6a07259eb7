import * as l10n from '@vscode/l10n';
import type { Curve } from '../../experiment/words/curves';
import { BAND_LABEL } from '../../plot/chart/chart';
import { deviationSeries } from '../../plot/chart/series';
import { csvText } from '../page/table-text';

/** One row a step, one column a curve with its losses, then the relative differences from the baseline. Numbers in full. */
export function runAsCsv(curves: readonly Curve[], losses: readonly (readonly number[])[]): string {
  const deviations = deviationSeries(curves, losses);
  const columns = [
    ...curves.map(({ label }, index) => ({ name: l10n.t`loss: ${label}`, values: losses[index] ?? [] })),
    ...deviations.lines.map(({ curve, deviations }) => ({
      name: l10n.t`difference from the baseline: ${curve.label}`,
      values: deviations,
    })),
    ...(deviations.band.length > 0 ? [{ name: BAND_LABEL, values: deviations.band }] : []),
  ];
  const steps = Math.max(0, ...columns.map(({ values }) => values.length));
  const rows = Array.from({ length: steps }, (_, step) => [step, ...columns.map(({ values }) => values[step] ?? '')]);
  return csvText([[l10n.t('step'), ...columns.map(({ name }) => name)], ...rows]);
}
