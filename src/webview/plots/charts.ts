import * as l10n from '@vscode/l10n';
import type { RunView } from '../../messages/run';
import { BAND_LABEL, type Chart, listedOf, lossChart, rateChart, secondChart } from '../../plot/chart';
import { type CurveChoice, isDrawn, isMain, isLine, sampledSteps } from '../../plot/series';
import { type Attributes, type Child, disclosure, h, type Html, row, scrolling, table } from '../page/dom';
import { type RunCurves, stepsOf } from '../runs/live-run';
import { endsWidth, plot } from './plot';

/** How the plots are drawn, as the user chose. */
interface ChartChoice extends CurveChoice {
  /** Every step in place of the mean over the mini-batches. */
  raw: boolean;
}

/**
 * The loss of the curves, and how far each is from the baseline; of a recorded run, its learning rates.
 * @param chosen changed in place
 * @param changed hears that the user has changed something
 */
export function charts(chosen: ChartChoice, changed: () => void) {
  let zoom: readonly [number, number] | null = null;
  let id: number | null = null;
  let isOfRates = false;
  let paint = (): void => undefined;
  let last: ((shown: Attributes) => Child[]) | null = null;
  const change = (next: Partial<ChartChoice>): void => {
    Object.assign(chosen, next);
    changed();
  };
  const actions = {
    solo: (name: string) => change({ solo: chosen.solo === name ? null : name }),
    zoom: (window: readonly [number, number] | null) => {
      zoom = window;
      changed();
    },
  };
  /** Of both plots, so that their steps lie below one another. */
  const margin = { left: 0, right: 0 };
  const pictures = { loss: plot('loss', margin, actions), second: plot('deviation', margin, actions) };
  const overRates = pointPlot('rates');

  const ratePicture = (run: RunView, losses: number[][], rates: number[]): NonNullable<typeof last> => {
    overRates.take(rateChart(run.curves, losses, rates));
    ({ paint } = overRates);
    return (shown) => [overRates.html(shown), numbers(shown, l10n.t('The plot as a table'), overRates.table())];
  };

  const picture = (run: RunView, losses: number[][]): NonNullable<typeof last> => {
    if (run.rates) return ratePicture(run, losses, run.rates);
    // This run may not have the curve that was shown alone.
    const solo = run.curves.some(({ name }) => name === chosen.solo) ? chosen.solo : null;
    const options = {
      isDrawn: (curve: (typeof run.curves)[number]) => isDrawn(curve, { ...chosen, solo }),
      window: zoom ?? ([0, Math.max(1, run.steps - 1)] as const),
      batches: chosen.raw ? 1 : run.batches,
    };
    const loss = lossChart(run.curves, losses, options);
    const second = secondChart(run.curves, losses, options);
    margin.right = Math.max(endsWidth(loss), endsWidth(second));
    paint = () => {
      pictures.loss.draw(loss, solo);
      pictures.second.draw(second, solo);
      pictures.loss.align();
    };
    const others = run.curves.filter((curve) => isLine(curve) && !isMain(curve) && (curve.draw ?? 0) === 0).length;
    const isRaw = { 'aria-pressed': String(chosen.raw), hidden: run.batches < 2 };
    const toggles = [
      toggle('all-steps', l10n.t('all steps'), { hidden: zoom === null }, () => actions.zoom(null)),
      toggle('more-curves', chosen.more ? l10n.t('fewer curves') : moreCurves(others), { hidden: others === 0 }, () =>
        change({ more: !chosen.more, solo: null }),
      ),
      toggle('raw', l10n.t('raw'), isRaw, () => change({ raw: !chosen.raw })),
    ];
    const tables = [plotTable('loss-table', l10n.t('Loss'), loss), plotTable('deviation-table', second.title, second)];
    return (shown) => [
      chartSection('loss', loss, shown, toggles, pictures.loss.element),
      chartSection('deviation', second, shown, [], pictures.second.element),
      numbers(shown, l10n.t('The plots as tables'), ...tables),
    ];
  };

  return {
    html(run: RunView, curves: RunCurves | null): Child[] {
      if (run.id !== id) [zoom, margin.left] = [null, 0];
      ({ id } = run);
      // Plots of another kind say nothing here.
      if (isOfRates !== (run.rates !== undefined)) [isOfRates, last] = [!isOfRates, null];
      const empty = !curves || curves.id !== run.id || stepsOf(curves) === 0;
      // Until a run has points, the last run's plots stay, so that nothing flickers. The first run has empty plots.
      if (!empty) last = picture(run, curves.losses);
      else if (run.state === 'running') last ??= picture(run, []);
      const hidden = run.state === 'none' || (empty && run.state !== 'running');
      return last?.({ hidden, 'data-stale': run.stale || empty }) ?? [];
    },
    /** Draws the plots, once the page has room for them. */
    paint: (): void => paint(),
  };
}

const numbers = (shown: Attributes, title: string, ...tables: Child[]): Html =>
  h('section.s-numbers', shown, disclosure('numbers', title, {}, ...tables));

/** A plot of points, which is shown as a whole; none before it has taken a chart. */
export function pointPlot(id: string) {
  const margin = { left: 0, right: 0 };
  const picture = plot(id, margin, { solo: () => undefined, zoom: () => undefined });
  let chart: Chart | null = null;
  return {
    take(next: Chart | null): void {
      chart = next;
      margin.right = chart ? endsWidth(chart) : 0;
    },
    html: (shown: Attributes): Child => chart && chartSection(id, chart, shown, [], picture.element),
    table: (): Child => chart && plotTable(`${id}-table`, `${chart.title}, ${chart.unit}`, chart),
    paint: (): void => (chart ? picture.draw(chart, null) : undefined),
  };
}

function moreCurves(count: number): string {
  return count === 1 ? l10n.t('1 more curve') : l10n.t`${count} more curves`;
}

function toggle(id: string, label: string, attributes: Attributes, onclick: () => void): Html {
  return h('button.toggle', { id, ...attributes, onclick }, label);
}

function chartSection(
  id: string,
  { title, unit }: Chart,
  shown: Attributes,
  toggles: readonly Html[],
  element: HTMLElement,
): Html {
  const heading = [h('h2', { id: `${id}-heading` }, title), h('span.muted', unit), h('span.push')];
  return h(
    `section.plot.s-${id}`,
    { id: `${id}-plot`, 'aria-labelledby': `${id}-heading`, ...shown },
    h('div.heading.plot-heading', heading, toggles),
    element,
  );
}

/** Rows of the table: so many steps are read out, from the first to the last. */
const ROWS = 11;

/** A plot as a table, for those who cannot see it and those who want the numbers. */
function plotTable(id: string, caption: string, { all, band, format, x }: Chart): Html {
  const columns = [
    ...listedOf(all).map(({ label, steps }) => ({ label, values: steps })),
    ...(band.length > 0 ? [{ label: BAND_LABEL, values: band }] : []),
  ];
  const rows = sampledSteps(Math.max(0, ...columns.map(({ values }) => values.length)), ROWS).map((step) => {
    const cells = columns.map(({ values }) => (step < values.length ? format(values[step] ?? NaN) : '–'));
    return row({}, x?.names?.[step] ?? x?.labels[step] ?? String(step), ...cells);
  });
  const headings = [x?.title ?? l10n.t('step'), ...columns.map(({ label }) => label)];
  return scrolling(caption, table(id, h('caption', caption), headings, rows));
}
