import uPlot from 'uplot';
import { placed, type Chart } from '../../plot/chart';
import { h } from '../page/dom';
import { plotOptions } from './plot-options';
import { currentTheme, onThemeChange } from './theme';

export interface Plot {
  readonly element: HTMLElement;
  draw(chart: Chart): void;
}

const HEIGHT = 208;

/** A plot that follows its container's width and the theme. `onZoom` hears which steps were dragged over; null = all. */
export function plot(label: string, onZoom: (window: [number, number] | null) => void): Plot {
  const element = h('div', { class: 'canvas', role: 'img', 'aria-label': label });
  let shown: Chart | null = null;
  let chart: uPlot | null = null;
  let shape = '';

  const build = (): void => {
    if (!shown) return;
    chart?.destroy();
    const size = { width: Math.max(element.clientWidth, 120), height: HEIGHT };
    chart = new uPlot({ ...size, ...plotOptions(() => shown, currentTheme(), onZoom) }, dataOf(shown), element);
    shape = shapeOf(shown);
  };
  new ResizeObserver(() => {
    if (chart && element.clientWidth > 0) chart.setSize({ width: element.clientWidth, height: HEIGHT });
  }).observe(element);
  onThemeChange(build);

  return {
    element,
    draw(next) {
      shown = next;
      if (!chart || shape !== shapeOf(next)) build();
      else chart.setData(dataOf(next), true);
    },
  };
}

/** uPlot takes series and axes when it is made; when these change, it is made anew. */
function shapeOf({ lines, axis, band }: Chart): string {
  return JSON.stringify([lines.map(({ name, role }) => [name, role]), axis.kind, band.length > 0]);
}

/** Columns: step, upper edge of the band, lines. */
function dataOf({ lines, band, axis, window }: Chart): uPlot.AlignedData {
  const steps = Math.max(band.length, ...lines.map(({ values }) => values.length), 0);
  const column = (values: readonly number[]): (number | null)[] =>
    values.map((value) => {
      const at = placed(value, axis);
      return Number.isNaN(at) ? null : at;
    });
  const x = steps > 0 ? Array.from({ length: steps }, (_, step) => step) : [...window];
  return [x, column(band), ...lines.map(({ values }) => column(values))];
}
