import * as l10n from '@vscode/l10n';
import type { PanelView } from '../../messages/panel';
import { deviationChart, listedOf, lossChart, type Chart } from '../../plot/chart';
import { h, setAttribute } from '../page/dom';
import { legend } from './legend';
import { plot } from './plot';
import { plotTable } from './plot-table';
import { stepsOf, type RunCurves } from '../panel/run-store';

interface ChartsView {
  run: PanelView['run'];
  curves: RunCurves | null;
}

interface ChartsOptions {
  /** Names of curves that are not drawn; changed in place by the legend. */
  hidden: Set<string>;
  /** Told after the legend or the zoom has changed. */
  onChange(): void;
}

/** The loss of every variant, and how far each is from the base. */
export function charts({ hidden, onChange }: ChartsOptions): { elements: HTMLElement[]; draw(view: ChartsView): void } {
  let shown: ChartsView | null = null;
  let zoom: readonly [number, number] | null = null;
  const toggle = (name: string): void => {
    if (!hidden.delete(name)) hidden.add(name);
    redraw();
    onChange();
  };
  const zoomTo = (window: readonly [number, number] | null): void => {
    zoom = window;
    redraw();
  };
  const loss = chartSection('loss', l10n.t('Loss'), toggle, zoomTo);
  const deviation = chartSection('deviation', l10n.t('Deviation from the baseline'), toggle, zoomTo);

  const redraw = (): void => {
    if (!shown) return;
    const { run, curves } = shown;
    const steps = stepsOf(curves);
    const empty = !curves || curves.id !== run.id || steps === 0;
    for (const { element } of [loss, deviation]) {
      setAttribute(element, 'hidden', run.state === 'none' || (empty && run.state !== 'running'));
      setAttribute(element, 'data-stale', run.stale);
    }
    // A new run that has no points yet leaves the last one's picture standing, so that nothing flickers.
    if (empty) return;
    const options = { hidden, window: zoom ?? ([0, Math.max(1, run.steps - 1)] as const) };
    loss.draw(lossChart(run.curves, curves.losses, options), hidden);
    deviation.draw(deviationChart(run.curves, curves.losses, options), hidden);
    for (const section of [loss, deviation]) section.zoomed(zoom !== null);
  };
  return {
    elements: [loss.element, deviation.element],
    draw(view) {
      if (view.run.id !== shown?.run.id) zoom = null;
      shown = view;
      redraw();
    },
  };
}

function chartSection(
  id: string,
  title: string,
  onToggle: (name: string) => void,
  onZoom: (window: readonly [number, number] | null) => void,
): { element: HTMLElement; draw(chart: Chart, hidden: ReadonlySet<string>): void; zoomed(is: boolean): void } {
  const keys = legend(onToggle);
  const picture = plot(l10n.t`${title}. The table below says the same in numbers.`, onZoom);
  const table = plotTable(`${id}-table`, l10n.t`${title} at some steps`);
  const reset = h('button', { type: 'button', class: 'link', hidden: true }, l10n.t('Show all steps'));
  reset.addEventListener('click', () => onZoom(null));
  return {
    element: h(
      'section',
      { id: `${id}-plot`, class: `plot s-${id}`, 'aria-labelledby': `${id}-heading` },
      h('div', { class: 'heading' }, h('h2', { id: `${id}-heading` }, title), reset),
      keys.element,
      picture.element,
      table.element,
    ),
    draw(chart, hidden) {
      const listed = listedOf(chart.all);
      const further = chart.all.length > listed.length;
      keys.draw({ curves: listed, further, hidden, band: chart.band.length > 0 });
      picture.draw(chart);
      table.draw({ lines: listed, band: chart.band, format: chart.format });
    },
    zoomed: (is) => setAttribute(reset, 'hidden', !is),
  };
}
