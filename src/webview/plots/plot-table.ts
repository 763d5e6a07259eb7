import * as l10n from '@vscode/l10n';
import { BAND_LABEL, type Chart } from '../../plot/chart/chart';
import { sampledSteps } from '../../plot/chart/series';
import { h } from '../page/dom';

/** Rows of the table: so many steps are read out, from the first to the last. */
const ROWS = 11;

/** A plot as a table, for those who cannot see it and those who want the numbers. */
export function plotTable(
  id: string,
  caption: string,
): { element: HTMLElement; draw(chart: Pick<Chart, 'lines' | 'band' | 'format'>): void } {
  const head = h('tr');
  const body = h('tbody');
  const table = h('table', { id }, h('caption', {}, caption), h('thead', {}, head), body);
  const element = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption }, table);
  let shape = '';
  return {
    element,
    draw({ lines, band, format }) {
      const columns = [
        ...lines.map(({ label, values, ghost }) => ({ label, values: ghost.length > 0 ? ghost : values })),
        ...(band.length > 0 ? [{ label: BAND_LABEL, values: band }] : []),
      ];
      const steps = sampledSteps(Math.max(0, ...columns.map(({ values }) => values.length)), ROWS);
      const rows = steps.map((step) => [
        String(step),
        ...columns.map(({ values }) => (step < values.length ? format(values[step] ?? NaN) : '–')),
      ]);
      const next = JSON.stringify([columns.map(({ label }) => label), rows]);
      if (next === shape) return;
      shape = next;
      head.replaceChildren(
        ...[l10n.t('step'), ...columns.map(({ label }) => label)].map((label) => h('th', { scope: 'col' }, label)),
      );
      body.replaceChildren(
        ...rows.map(([step = '', ...cells]) =>
          h('tr', {}, h('th', { scope: 'row' }, step), ...cells.map((cell) => h('td', {}, cell))),
        ),
      );
    },
  };
}
