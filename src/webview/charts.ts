import { familyOf, isFurther } from '../experiment/words/curves';
import type { PanelView } from '../messages/panel';
import { deviationLabel } from '../plot/deviation-label';
import { numberLabel } from '../recipe/notation';
import { behindFirst, DEVIATION_FLOOR, deviationCeiling, deviationSeries, isLine } from '../plot/series';
import { h, setAttribute } from './dom';
import { legend } from './legend';
import { digitsFor, lossAxis } from './loss-axis';
import { plot } from './plot';
import type { Line } from './plot-view';
import { plotTable } from './plot-table';
import { stepsOf, type RunCurves } from './run-store';

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
  const loss = chartSection('loss', 'Loss', toggle, zoomTo);
  const deviation = chartSection('deviation', 'Deviation from now', toggle, zoomTo);

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
    const window = zoom ?? ([0, Math.max(1, run.steps - 1)] as const);
    const isDrawn = (line: Line): boolean => !hidden.has(familyOf(line));
    const losses = run.curves
      .map((curve, index): Line => ({ ...curve, values: curves.losses[index] ?? [] }))
      .filter(isLine);
    const anchors = losses.filter(({ role }) => role === 'base' || role === 'rescaled').map(({ values }) => values);
    const drawn = losses.filter(isDrawn);
    const axis = lossAxis(
      drawn.map(({ values }) => values),
      anchors,
      window,
    );
    loss.draw(
      {
        all: losses,
        lines: drawn,
        band: [],
        window,
        axis,
        floorNote: null,
        format: (value) => numberLabel(value, 6),
        tick: (value) => numberLabel(value, digitsFor(axis.range)),
      },
      hidden,
    );

    const series = deviationSeries(run.curves, curves.losses);
    const lines = series.lines.map(({ curve, deviations }): Line => ({ ...curve, values: deviations }));
    deviation.draw(
      {
        all: lines,
        lines: lines.filter(isDrawn),
        band: series.band,
        window,
        axis: { kind: 'log', range: [DEVIATION_FLOOR, deviationCeiling(series)] },
        floorNote: floorNoteOf(lines.filter(isDrawn)),
        format: deviationText,
        tick: deviationText,
      },
      hidden,
    );
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

/** On the floor no two float32 losses differ: what lies there is zero. */
function deviationText(value: number): string {
  return value <= DEVIATION_FLOOR ? '0' : deviationLabel(value);
}

/** A line on the floor looks like no line at all: say what it means. */
function floorNoteOf(lines: readonly Line[]): string | null {
  const isZero = ({ values }: Line): boolean => values.length > 0 && values.every((value) => value === 0);
  const flat = lines.filter(
    (line) => !isFurther(line) && lines.every((other) => familyOf(other) !== line.name || isZero(other)),
  );
  return flat.length === 0 ? null : `${flat.map(({ label }) => label).join(', ')}: 0, the same bits`;
}

type SectionView = Parameters<ReturnType<typeof plot>['draw']>[0] & { all: readonly Line[] };

function chartSection(
  id: string,
  title: string,
  onToggle: (name: string) => void,
  onZoom: (window: readonly [number, number] | null) => void,
): { element: HTMLElement; draw(view: SectionView, hidden: ReadonlySet<string>): void; zoomed(is: boolean): void } {
  const keys = legend(onToggle);
  const picture = plot(`${title}. The table below says the same in numbers.`, onZoom);
  const table = plotTable(`${id}-table`, `${title} at some steps`);
  const reset = h('button', { type: 'button', class: 'link', hidden: true }, 'Show all steps');
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
    draw(view, hidden) {
      const listed = view.all.filter((line) => !isFurther(line));
      const further = view.all.length > listed.length;
      keys.draw({ curves: listed, further, hidden, band: view.band.length > 0 });
      picture.draw({ ...view, lines: behindFirst(view.lines, (line) => line) });
      table.draw({ lines: listed, band: view.band, format: view.format });
    },
    zoomed: (is) => setAttribute(reset, 'hidden', !is),
  };
}
