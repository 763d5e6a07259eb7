import * as l10n from '@vscode/l10n';
import type { RunView } from '../../messages/run';
import { BAND_LABEL, type Chart, deviationChart, listedOf, lossChart } from '../../plot/chart';
import { type CurveChoice, isDrawn, isMain, isLine, sampledSteps } from '../../plot/series';
import { disclosure, h, setAttribute, setText } from '../page/dom';
import { type RunCurves, stepsOf } from '../runs/live-run';
import { type Plot, plot } from './plot';

/** How the plots are drawn, as the user chose. */
export interface ChartChoice extends CurveChoice {
  /** Every step in place of the mean over the mini-batches. */
  raw: boolean;
}

interface ChartsView {
  run: RunView;
  curves: RunCurves | null;
}

interface ChartsOptions {
  /** Changed in place. */
  chosen: ChartChoice;
  /** Called after the user has changed something. */
  onChange(): void;
}

/** The loss of the curves, and how far each is from the baseline. */
export function charts({ chosen, onChange }: ChartsOptions): { elements: HTMLElement[]; draw(view: ChartsView): void } {
  let shown: ChartsView | null = null;
  let zoom: readonly [number, number] | null = null;
  const change = (next: Partial<ChartChoice>): void => {
    Object.assign(chosen, next);
    redraw();
    onChange();
  };
  const actions = {
    solo: (name: string) => change({ solo: chosen.solo === name ? null : name }),
    zoom: (window: readonly [number, number] | null) => {
      zoom = window;
      redraw();
    },
  };
  const raw = toggle('raw', l10n.t('raw'), () => change({ raw: !chosen.raw }));
  const more = toggle('more-curves', '', () => change({ more: !chosen.more, solo: null }));
  const reset = toggle('all-steps', l10n.t('all steps'), () => actions.zoom(null));
  const loss = chartSection('loss', [reset, more, raw], actions);
  const deviation = chartSection('deviation', [], actions);
  const tables = [plotTable('loss-table', l10n.t('Loss')), plotTable('deviation-table', l10n.t('Difference'))] as const;
  const numbers = disclosure('numbers', l10n.t('The plots as tables'), ...tables.map(({ element }) => element));
  const elements = [loss.element, deviation.element, h('section.s-numbers', numbers)];

  const redraw = (): void => {
    if (!shown) return;
    const { run, curves } = shown;
    const steps = stepsOf(curves);
    const empty = !curves || curves.id !== run.id || steps === 0;
    for (const element of elements) {
      setAttribute(element, 'hidden', run.state === 'none' || (empty && run.state !== 'running'));
      setAttribute(element, 'data-stale', run.stale || empty);
    }
    // A new run that has no points yet leaves the last one's picture, so that nothing flickers.
    if (empty) return;
    const others = run.curves.filter((curve) => isLine(curve) && !isMain(curve) && (curve.draw ?? 0) === 0).length;
    setAttribute(more, 'hidden', others === 0);
    setText(more, chosen.more ? l10n.t('fewer curves') : moreCurves(others));
    setAttribute(raw, 'hidden', run.batches < 2);
    setAttribute(raw, 'aria-pressed', String(chosen.raw));
    setAttribute(reset, 'hidden', zoom === null);
    // This run may not have the curve that was shown alone.
    const solo = run.curves.some(({ name }) => name === chosen.solo) ? chosen.solo : null;
    const options = {
      isDrawn: (curve: (typeof run.curves)[number]) => isDrawn(curve, { ...chosen, solo }),
      window: zoom ?? ([0, Math.max(1, run.steps - 1)] as const),
      batches: chosen.raw ? 1 : run.batches,
    };
    const both = [
      lossChart(run.curves, curves.losses, options),
      deviationChart(run.curves, curves.losses, options),
    ] as const;
    loss.draw(both[0], solo);
    deviation.draw(both[1], solo);
    for (const [i, chart] of both.entries()) {
      tables[i]?.draw({ lines: listedOf(chart.all), band: chart.band, format: chart.format });
    }
  };
  return {
    elements,
    draw(next) {
      if (next.run.id !== shown?.run.id) zoom = null;
      shown = next;
      redraw();
    },
  };
}

function moreCurves(count: number): string {
  return count === 1 ? l10n.t('1 more curve') : l10n.t`${count} more curves`;
}

function chartSection(
  id: string,
  buttons: readonly HTMLElement[],
  actions: Parameters<typeof plot>[1],
): { element: HTMLElement; draw(chart: Chart, solo: string | null): void } {
  const heading = h('h2', { id: `${id}-heading` });
  const unit = h('span.muted');
  const picture: Plot = plot(id, actions);
  return {
    element: h(
      'section',
      { id: `${id}-plot`, class: `plot s-${id}`, 'aria-labelledby': `${id}-heading` },
      h('div.heading.plot-heading', heading, unit, h('span.push'), ...buttons),
      picture.element,
    ),
    draw(chart, solo) {
      setText(heading, chart.title);
      setText(unit, chart.unit);
      picture.draw(chart, solo);
    },
  };
}

function toggle(id: string, label: string, onClick: () => void): HTMLElement {
  const element = h('button.toggle', { id, onclick: onClick }, label);
  return element;
}

/** Rows of the table: so many steps are read out, from the first to the last. */
const ROWS = 11;

/** A plot as a table, for those who cannot see it and those who want the numbers. */
function plotTable(
  id: string,
  caption: string,
): { element: HTMLElement; draw(chart: Pick<Chart, 'lines' | 'band' | 'format'>): void } {
  const head = h('tr');
  const body = h('tbody');
  const table = h('table', { id }, h('caption', caption), h('thead', head), body);
  const element = h('div.scroll', { tabindex: 0, role: 'region', 'aria-label': caption }, table);
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
          h('tr', h('th', { scope: 'row' }, step), ...cells.map((cell) => h('td', cell))),
        ),
      );
    },
  };
}
