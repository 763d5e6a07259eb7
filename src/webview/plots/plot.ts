import uPlot from 'uplot';
import * as l10n from '@vscode/l10n';
import { placed, type Chart } from '../../plot/chart/chart';
import { h } from '../page/dom';
import { debounced } from '../page/debounce';
import { cursorKeys } from './plot-keys';
import { endsWidth, plotEnds } from './plot-ends';
import { firstLine, plotOptions } from './plot-options';
import { currentTheme, onThemeChange } from './theme';

export interface Plot {
  readonly element: HTMLElement;
  draw(chart: Chart, solo: string | null): void;
}

interface PlotActions {
  /** The steps that were dragged over; null for all. */
  zoom(window: readonly [number, number] | null): void;
  /** Show this curve alone, or all again. */
  solo(name: string): void;
}

const HEIGHT = 186;

/**
 * A plot that follows its container's width and the theme. To a screen reader it is a slider over the steps, which says
 * the values at each.
 */
export function plot(id: string, { zoom, solo }: PlotActions): Plot {
  const canvas = h('div', { class: 'canvas', role: 'slider', tabindex: 0, 'aria-labelledby': `${id}-heading` });
  let shown: Chart | null = null;
  let alone: string | null = null;
  let chart: uPlot | null = null;
  let shape = '';
  const point = (name: string | null): void => {
    const at = shown?.lines.findIndex((line) => line.name === name) ?? -1;
    chart?.setSeries(at < 0 ? null : firstLine(shown) + at, { focus: true });
  };
  const ends = plotEnds(point, solo);
  const axis = h('span', { class: 'axis-title muted', 'aria-hidden': 'true' }, l10n.t('step'));
  const element = h('div', { class: 'plot-area' }, canvas, ends.element, axis);
  const labels = (): void => {
    if (!chart || !shown) return;
    ends.draw(shown, chart, alone);
    axis.style.left = ends.element.style.left;
  };

  const build = (): void => {
    if (!shown) return;
    chart?.destroy();
    const size = { width: Math.max(element.clientWidth, 120), height: HEIGHT };
    const options = plotOptions(() => shown, currentTheme(), { zoom, room: endsWidth(shown), drawn: labels });
    chart = new uPlot({ ...size, ...options }, dataOf(shown), canvas);
    shape = shapeOf(shown);
  };
  new ResizeObserver(() => {
    if (chart && element.clientWidth > 0) chart.setSize({ width: element.clientWidth, height: HEIGHT });
  }).observe(element);
  onThemeChange(build);
  const say = cursorKeys(canvas, () => (shown && chart ? { shown, chart } : null), zoom);
  // Points come many times a second.
  const saySoon = debounced(say, 300);

  return {
    element,
    draw(next, only) {
      shown = next;
      alone = only;
      if (!chart || shape !== shapeOf(next)) build();
      else chart.setData(dataOf(next), true);
      if (canvas.hasAttribute('aria-valuenow')) saySoon(undefined);
      else say();
    },
  };
}

/** uPlot takes series and axes when it is made; when these change, it is made anew. */
function shapeOf(chart: Chart): string {
  const { lines, axis, band } = chart;
  return JSON.stringify([
    lines.map(({ name, role, ghost }) => [name, role, ghost.length > 0]),
    axis.kind,
    band.length > 0,
    endsWidth(chart),
  ]);
}

/** Columns: step, upper edge of the band, the ghosts, the lines. */
function dataOf({ lines, band, axis, window }: Chart): uPlot.AlignedData {
  const steps = Math.max(band.length, ...lines.map(({ values }) => values.length), 0);
  const column = (values: readonly number[]): (number | null)[] =>
    values.map((value) => {
      const at = placed(value, axis);
      return Number.isNaN(at) ? null : at;
    });
  const x = steps > 0 ? Array.from({ length: steps }, (_, step) => step) : [...window];
  const ghosts = lines.filter(({ ghost }) => ghost.length > 0).map(({ ghost }) => column(ghost));
  return [x, column(band), ...ghosts, ...lines.map(({ values }) => column(values))];
}
