import type uPlot from 'uplot';
import { BAND_LABEL, endOf, listedOf, type Chart, type ChartLine } from '../../plot/chart/chart';
import { curveStyle } from '../../plot/style/curve-style';
import { spreadLabels } from '../../plot/end-labels';
import { h, setAttribute } from '../page/dom';

/** Height of a label, in CSS pixels. */
const HEIGHT = 16;
/** Width of a character, in CSS pixels; generous. */
const CHARACTER = 6.4;

interface PlotEnds {
  readonly element: HTMLElement;
  draw(chart: Chart, plot: uPlot, solo: string | null): void;
}

/** Room that the labels take at the right of a plot, in CSS pixels. */
export function endsWidth({ all, band }: Pick<Chart, 'all' | 'band'>): number {
  const labels = [...listedOf(all).map(({ label }) => label), ...(band.length > 0 ? [BAND_LABEL] : [])];
  return Math.min(132, 14 + CHARACTER * Math.max(0, ...labels.map(({ length }) => length)));
}

/**
 * The names at the ends of the curves. Pointing at one dims the others; a click shows this curve alone, and a second one
 * all of them.
 */
export function plotEnds(onPoint: (name: string | null) => void, onSolo: (name: string) => void): PlotEnds {
  const element = h('div', { class: 'ends' });
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
          ...(chart.band.length > 0 ? [h('span', { class: 'end muted' }, BAND_LABEL)] : []),
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
  const places = spreadLabels(known, HEIGHT, [6, tall - 6]);
  let next = 0;
  for (const [i, label] of [...element.children].entries()) {
    const isKnown = ends[i] !== null && ends[i] !== undefined;
    setAttribute(label, 'hidden', !isKnown);
    if (isKnown && label instanceof HTMLElement) label.style.top = `${above + (places[next++] ?? 0) - HEIGHT / 2}px`;
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
    { type: 'button', class: `end ${curveStyle(line)}`, 'aria-pressed': String(is), 'data-curve': line.name },
    line.label,
  );
  label.addEventListener('click', () => onSolo(line.name));
  for (const event of ['pointerenter', 'focus']) label.addEventListener(event, () => onPoint(line.name));
  for (const event of ['pointerleave', 'blur']) label.addEventListener(event, () => onPoint(null));
  return label;
}
