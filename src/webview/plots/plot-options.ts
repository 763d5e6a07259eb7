import type uPlot from 'uplot';
import { familyOf } from '../../experiment/words/curves';
import type { Chart, ChartLine } from '../../plot/chart';
import { logScale } from '../../plot/scales';
import { CURVE_STYLES, type CurveStyle, type Palette, strokesOf } from '../../plot/style';
import { readout } from './plot-cursor';

/** Width of a character of the axes' labels, in CSS pixels; generous. */
const CHARACTER = 6.5;

const SYNC = 'lora-alpha';

/** Width of the axis' labels at the left and of the curves' names at the right, in CSS pixels. */
export type Margin = Record<'left' | 'right', number>;

interface PlotRoom {
  zoom(window: readonly [number, number] | null): void;
  /** Its left grows with the labels of the axis. */
  margin: Margin;
  /** Width at the right, in CSS pixels. */
  room: number;
  drawn(): void;
}

/** The index of the first line among uPlot's series: steps and band come before. */
export const FIRST_LINE = 2;

/**
 * uPlot's options for a chart; ranges and notes are read anew at every drawing.
 * @param chart what is shown at the time of the call
 */
export function plotOptions(
  chart: () => Chart | null,
  theme: Theme,
  { zoom, margin, room, drawn }: PlotRoom,
): Omit<uPlot.Options, 'width' | 'height'> {
  const shown = chart();
  const log = shown?.axis.kind === 'log';
  const lines = shown?.lines ?? [];
  const strokes = strokesOf(lines, theme);
  let pointed: ChartLine | undefined;
  // The pair that is compared never fades.
  const isFaded = (line: ChartLine): boolean =>
    pointed !== undefined && familyOf(line) !== familyOf(pointed) && line.role !== 'base' && line.role !== 'rescaled';
  const showAll = (): null => {
    zoom(null);
    return null;
  };
  const grid = { stroke: theme.grid, width: 1 };
  const line = { stroke: theme.muted, font: theme.font, grid, ticks: { show: false } };
  return {
    padding: [8, room, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: SYNC },
      y: false,
      points: { size: 6 },
      focus: { prox: 24 },
      drag: { x: shown?.x === undefined, y: false, setScale: false, dist: 4 },
      bind: { dblclick: () => showAll },
    },
    // uPlot would set the opacity of every curve to 1 afterwards.
    focus: { alpha: 1 },
    scales: {
      x: { time: false, range: () => [...(chart()?.window ?? [0, 1])] as uPlot.Range.MinMax },
      y: { distr: log ? 3 : 1, range: () => [...(chart()?.axis.range ?? [0.1, 1])] as uPlot.Range.MinMax },
    },
    axes: [
      {
        ...line,
        size: 24,
        gap: 4,
        space: 48,
        incrs: [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 1e4, 2e4, 5e4, 1e5],
        ...(shown?.x && ticksAt(shown.x)),
      },
      {
        ...line,
        size: (_, labels) => {
          const own = 16 + CHARACTER * Math.max(...(labels ?? []).map(({ length }) => length));
          return (margin.left = Math.max(40, margin.left, own));
        },
        gap: 8,
        values: (_, ticks) => ticks.map((tick) => chart()?.tick(tick) ?? ''),
        ...(log
          ? {
              filter: (_: uPlot, ticks: number[]) => ticks,
              splits: () => [...logScale(chart()?.axis.range ?? [0.1, 1], [0, 1]).ticks],
            }
          : { space: 36 }),
      },
    ],
    series: [
      {},
      { ...BAND, fill: theme.band, fillTo: () => chart()?.axis.range[0] ?? 0, stroke: theme.band },
      ...lines.map((line, i): uPlot.Series => {
        const { colour = '', width = 0, opacity = 1, dash = [] } = strokes[i] ?? {};
        const share = (): number => 100 * opacity * (isFaded(line) ? 0.25 : 1);
        const stroke = (): string => `color-mix(in srgb, ${colour} ${share()}%, transparent)`;
        const { mark } = line;
        const marked = { size: 9, fill: colour, stroke, filter: () => [mark ?? 0] };
        // A curve over learning rates goes on behind a rate that another curve alone has.
        const points = mark === undefined ? { show: false } : { ...marked, show: true };
        return { stroke, width, dash: [...dash], points, spanGaps: shown?.x !== undefined };
      }),
    ],
    hooks: {
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 4) return;
          zoom([Math.floor(plot.posToVal(left, 'x')), Math.ceil(plot.posToVal(left + width, 'x'))]);
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      setSeries: [
        (plot, index) => {
          pointed = lines[(index ?? 0) - FIRST_LINE];
          plot.redraw(false);
        },
      ],
      draw: [drawn],
    },
    plugins: [readout(chart)],
  };
}

/** Ticks at places of points, as many as have room for their labels. */
function ticksAt({ at, labels }: NonNullable<Chart['x']>): Partial<uPlot.Axis> {
  const some = (plot: uPlot): number => Math.max(1, Math.ceil((at.length * 46 * devicePixelRatio) / plot.bbox.width));
  return {
    splits: (plot) => at.filter((_, i) => i % some(plot) === 0),
    values: (plot) => labels.filter((_, i) => i % some(plot) === 0),
  };
}

const BAND: uPlot.Series = { width: 0, points: { show: false } };

/** Colours as a canvas understands them, read from panel.css, which takes them from the editor's theme. */
interface Theme extends Palette {
  font: string;
}

/** What the theme says now. A canvas cannot follow a variable, so this is read anew when the theme changes. */
export function currentTheme(): Theme {
  const probe = document.createElement('i');
  document.body.append(probe);
  /** The colour a custom property comes to, through every `var()` and `color-mix()`. */
  const colour = (property: string): string => {
    probe.style.color = `var(${property})`;
    return getComputedStyle(probe).color;
  };
  const curves = CURVE_STYLES.map((style) => [style, colour(`--curve-${style}`)] as const);
  const theme: Theme = {
    ...{ text: colour('--text'), muted: colour('--muted'), grid: colour('--grid') },
    ...{ band: colour('--band'), background: colour('--page'), sequence: [] },
    curves: Object.fromEntries(curves) as Record<CurveStyle, string>,
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
  };
  probe.remove();
  return theme;
}

/** Calls back when the editor's theme changes: VS Code then rewrites the variables and the body's classes. */
export function onThemeChange(callback: () => void): void {
  const observer = new MutationObserver(callback);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}
