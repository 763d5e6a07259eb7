import * as l10n from '@vscode/l10n';
import uPlot from 'uplot';
import { BAND_LABEL, type Chart, endOf, listedOf, drawnAt } from '../../plot/chart';
import { spreadLabels } from '../../plot/end-labels';
import { curveStyle } from '../../plot/style';
import { debounced, drawChildren, elementOf, h, type Html } from '../page/dom';
import { rovingFocus } from '../page/choices';
import { cursorKeys } from './plot-cursor';
import { currentTheme, FIRST_LINE, type Margin, onThemeChange, plotOptions } from './plot-options';

interface PlotActions {
  /** The steps that were dragged over; null for all. */
  zoom(window: readonly [number, number] | null): void;
  solo(name: string): void;
}

const HEIGHT = 186;

/** Narrower than this the names of the curves stand below the plot, in CSS pixels. */
const NARROW = 400;

/**
 * A plot that follows its container's width and the theme. To a screen reader it is a slider over the steps, which says
 * the values at each.
 * @param margin of all plots above one another
 */
export function plot(id: string, margin: Margin, { zoom, solo }: PlotActions) {
  const canvas = elementOf(h('div.canvas', { role: 'slider', tabindex: 0, 'aria-labelledby': `${id}-heading` }));
  const ends = elementOf(h('div.ends', { onkeydown: rovingFocus('button') }));
  const axis = elementOf(h('span.axis-title.muted', { 'aria-hidden': 'true' }));
  const note = elementOf(h('span.floor-note', { 'aria-hidden': 'true' }));
  const element = elementOf(h('div.plot-area', canvas, ends, axis, note));
  let shown: Chart | null = null;
  let alone: string | null = null;
  let chart: uPlot | null = null;
  let shape = '';
  let drawnLeft = 0;
  const point = (name: string | null): void => {
    const at = shown?.lines.findIndex((line) => line.name === name) ?? -1;
    chart?.setSeries(at < 0 ? null : FIRST_LINE + at, { focus: true });
  };
  const labels = (): void => {
    if (!chart || !shown) return;
    const { left, width } = chart.bbox;
    drawnLeft = margin.left;
    element.toggleAttribute('data-narrow', isNarrow());
    const end = (left + width) / devicePixelRatio;
    ends.style.left = axis.style.left = `${end + 6}px`;
    note.style.right = `${element.clientWidth - end + 10}px`;
    note.textContent = shown.floorNote;
    axis.textContent = shown.x?.title ?? l10n.t('step');
    drawChildren(ends, endsOf(shown, chart, alone, point, solo));
  };
  const isNarrow = (): boolean => element.clientWidth < NARROW;
  /** uPlot takes series and axes when it is made; when these change, it is made anew. */
  const shapeOf = ({ lines, axis, band, x }: Chart): string => {
    const names = lines.map(({ name, role }) => [name, role]);
    return JSON.stringify([names, axis.kind, x?.labels, band.length > 0, isNarrow() ? null : margin.right]);
  };

  const build = (): void => {
    if (!shown) return;
    chart?.destroy();
    const size = { width: Math.max(element.clientWidth, 120), height: HEIGHT };
    const room = isNarrow() ? 12 : margin.right;
    const options = plotOptions(() => shown, currentTheme(), { zoom, margin, room, drawn: labels });
    chart = new uPlot({ ...size, ...options }, dataOf(shown), canvas);
    shape = shapeOf(shown);
  };
  new ResizeObserver(() => {
    if (!chart || !shown || element.clientWidth === 0) return;
    if (shape !== shapeOf(shown)) build();
    else chart.setSize({ width: element.clientWidth, height: HEIGHT });
  }).observe(element);
  onThemeChange(build);
  const say = cursorKeys(canvas, () => (shown && chart ? { shown, chart } : null), zoom);
  // Points come many times a second.
  const saySoon = debounced(say, 300);

  return {
    element,
    draw(next: Chart, only: string | null): void {
      shown = next;
      alone = only;
      if (!chart || shape !== shapeOf(next)) build();
      else chart.setData(dataOf(next), true);
      if (canvas.hasAttribute('aria-valuenow')) saySoon(undefined);
      else say();
    },
    /** Draws anew if another plot has widened the margin meanwhile. */
    align(): void {
      if (drawnLeft !== margin.left) chart?.redraw(true, true);
    },
  };
}

/** Columns: step, upper edge of the band, the lines. */
function dataOf({ lines, band, axis, window, x: places }: Chart): uPlot.AlignedData {
  const steps = Math.max(band.length, ...lines.map(({ values }) => values.length), 0);
  const column = (values: readonly number[]): (number | null)[] =>
    values.map((value) => {
      const at = drawnAt(value, axis);
      return Number.isNaN(at) ? null : at;
    });
  const x = places ? [...places.at] : steps > 0 ? Array.from({ length: steps }, (_, step) => step) : [...window];
  return [x, column(band), ...lines.map(({ values }) => column(values))];
}

/** Height of a label, in CSS pixels. */
const LABEL_HEIGHT = 16;
/** Width of a character, in CSS pixels; generous. */
const CHARACTER = 6.4;

/** Room that the labels take at the right of a plot, in CSS pixels. */
export function endsWidth({ all, band }: Pick<Chart, 'all' | 'band'>): number {
  const labels = [...listedOf(all).map(({ label }) => label), ...(band.length > 0 ? [BAND_LABEL] : [])];
  return Math.min(132, 14 + CHARACTER * Math.max(0, ...labels.map(({ length }) => length)));
}

/**
 * The names at the ends of the curves. Pointing at one dims the others; a click shows this curve alone, and a second one
 * all of them.
 */
function endsOf(
  chart: Chart,
  plot: uPlot,
  solo: string | null,
  point: (name: string | null) => void,
  onSolo: (name: string) => void,
): Html[] {
  const { top: edge, height } = plot.bbox;
  const [above, tall] = [edge / devicePixelRatio, height / devicePixelRatio];
  const lines = listedOf(chart.lines);
  const ends = [...lines.map(({ values }) => values), ...(chart.band.length > 0 ? [chart.band] : [])].map((values) => {
    const end = endOf(values, chart);
    return end === null ? null : Math.min(tall, Math.max(0, plot.valToPos(end, 'y')));
  });
  const seen = ends.filter((end) => end !== null);
  const places = spreadLabels(seen, LABEL_HEIGHT, [6, tall - 6]);
  const placed = ends.map((end) => {
    const top = end === null ? null : above + (places.shift() ?? 0) - LABEL_HEIGHT / 2;
    return top === null ? { hidden: true } : { style: { top: `${top}px` } };
  });
  const labels = lines.map((line, i) => {
    const { name, label } = line;
    const [at, away] = [() => point(name), () => point(null)];
    const hears = { onclick: () => onSolo(name), onpointerenter: at, onfocus: at, onpointerleave: away, onblur: away };
    const is = { 'aria-pressed': String(solo === name), 'data-id': name, tabindex: i === 0 ? 0 : -1 };
    return h('button', { class: `end ${curveStyle(line)}`, ...is, ...hears, ...placed[i] }, label);
  });
  return chart.band.length > 0 ? [...labels, h('span.end.muted', { ...placed.at(-1) }, BAND_LABEL)] : labels;
}
