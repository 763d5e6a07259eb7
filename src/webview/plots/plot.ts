import * as l10n from '@vscode/l10n';
import uPlot from 'uplot';
import { BAND_LABEL, type Chart, type ChartLine, endOf, listedOf, drawnAt } from '../../plot/chart';
import { spreadLabels } from '../../plot/end-labels';
import { curveStyle } from '../../plot/style';
import { debounced, h, setAttribute } from '../page/dom';
import { cursorKeys } from './plot-cursor';
import { currentTheme, firstLine, onThemeChange, plotOptions } from './plot-options';

export interface Plot {
  readonly element: HTMLElement;
  draw(chart: Chart, solo: string | null): void;
}

interface PlotActions {
  /** The steps that were dragged over; null for all. */
  zoom(window: readonly [number, number] | null): void;
  solo(name: string): void;
}

const HEIGHT = 186;

/**
 * A plot that follows its container's width and the theme. To a screen reader it is a slider over the steps, which says
 * the values at each.
 */
export function plot(id: string, { zoom, solo }: PlotActions): Plot {
  const canvas = h('div.canvas', { role: 'slider', tabindex: 0, 'aria-labelledby': `${id}-heading` });
  let shown: Chart | null = null;
  let alone: string | null = null;
  let chart: uPlot | null = null;
  let shape = '';
  const point = (name: string | null): void => {
    const at = shown?.lines.findIndex((line) => line.name === name) ?? -1;
    chart?.setSeries(at < 0 ? null : firstLine(shown) + at, { focus: true });
  };
  const ends = plotEnds(point, solo);
  const axis = h('span.axis-title.muted', { 'aria-hidden': 'true' }, l10n.t('step'));
  const element = h('div.plot-area', canvas, ends.element, axis);
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
      const at = drawnAt(value, axis);
      return Number.isNaN(at) ? null : at;
    });
  const x = steps > 0 ? Array.from({ length: steps }, (_, step) => step) : [...window];
  const ghosts = lines.filter(({ ghost }) => ghost.length > 0).map(({ ghost }) => column(ghost));
  return [x, column(band), ...ghosts, ...lines.map(({ values }) => column(values))];
}

/** Height of a label, in CSS pixels. */
const LABEL_HEIGHT = 16;
/** Width of a character, in CSS pixels; generous. */
const CHARACTER = 6.4;

interface PlotEnds {
  readonly element: HTMLElement;
  draw(chart: Chart, plot: uPlot, solo: string | null): void;
}

/** Room that the labels take at the right of a plot, in CSS pixels. */
function endsWidth({ all, band }: Pick<Chart, 'all' | 'band'>): number {
  const labels = [...listedOf(all).map(({ label }) => label), ...(band.length > 0 ? [BAND_LABEL] : [])];
  return Math.min(132, 14 + CHARACTER * Math.max(0, ...labels.map(({ length }) => length)));
}

/**
 * The names at the ends of the curves. Pointing at one dims the others; a click shows this curve alone, and a second one
 * all of them.
 */
function plotEnds(onPoint: (name: string | null) => void, onSolo: (name: string) => void): PlotEnds {
  const element = h('div.ends');
  let labels = '';
  return {
    element,
    draw(chart, plot, solo) {
      const lines = listedOf(chart.lines);
      const next = JSON.stringify([lines.map(({ name, label }) => [name, label]), chart.band.length > 0, solo]);
      if (next !== labels) {
        labels = next;
        const focused = [...element.children].indexOf(document.activeElement ?? element);
        element.replaceChildren(
          ...lines.map((line) => labelOf(line, solo, onPoint, onSolo)),
          ...(chart.band.length > 0 ? [h('span.end.muted', BAND_LABEL)] : []),
        );
        const again = element.children[focused];
        if (again instanceof HTMLElement) again.focus();
      }
      place(element, [...lines.map(({ values }) => values), chart.band], chart, plot);
    },
  };
}

function place(element: HTMLElement, curves: readonly (readonly number[])[], chart: Chart, plot: uPlot): void {
  const { top, height, left, width } = plot.bbox;
  const [above, tall] = [top / devicePixelRatio, height / devicePixelRatio];
  element.style.left = `${(left + width) / devicePixelRatio + 6}px`;
  const ends = curves.map((values) => {
    const end = endOf(values, chart);
    return end === null ? null : Math.min(tall, Math.max(0, plot.valToPos(end, 'y')));
  });
  const known = ends.filter((end) => end !== null);
  const places = spreadLabels(known, LABEL_HEIGHT, [6, tall - 6]);
  let next = 0;
  for (const [i, label] of [...element.children].entries()) {
    const isKnown = ends[i] !== null && ends[i] !== undefined;
    setAttribute(label, 'hidden', !isKnown);
    if (isKnown && label instanceof HTMLElement)
      label.style.top = `${above + (places[next++] ?? 0) - LABEL_HEIGHT / 2}px`;
  }
}

function labelOf(
  line: ChartLine,
  solo: string | null,
  onPoint: (name: string | null) => void,
  onSolo: (name: string) => void,
): HTMLElement {
  const is = solo === line.name;
  const label = h(
    'button',
    {
      class: `end ${curveStyle(line)}`,
      'aria-pressed': String(is),
      'data-curve': line.name,
      onclick: () => onSolo(line.name),
    },
    line.label,
  );
  for (const event of ['pointerenter', 'focus']) label.addEventListener(event, () => onPoint(line.name));
  for (const event of ['pointerleave', 'blur']) label.addEventListener(event, () => onPoint(null));
  return label;
}
