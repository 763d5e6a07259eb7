import type uPlot from 'uplot';
import { isFurther } from '../experiment/words/curves';
import { curveStyle, DASHES } from '../plot/curve-style';
import { logScale } from '../plot/scales';
import { FURTHER } from '../plot/strokes';
import { readout } from './plot-readout';
import type { PlotView } from './plot-view';
import type { Theme } from './theme';

/** Width of a character of the axes' labels, in CSS pixels; generous. */
const CHARACTER = 6.5;

/** Both plots share a cursor. */
const SYNC = 'lora-alpha';

/**
 * uPlot's options for what `view` shows; ranges and notes are read anew at every drawing.
 * @param view what is shown at the time of the call
 */
export function plotOptions(
  view: () => PlotView | null,
  theme: Theme,
  onZoom: (window: [number, number] | null) => void,
): Omit<uPlot.Options, 'width' | 'height'> {
  const shown = view();
  const log = shown?.axis.kind === 'log';
  const line = {
    stroke: theme.muted,
    font: theme.font,
    grid: { stroke: theme.grid, width: 1 },
    ticks: { show: false },
  };
  return {
    padding: [8, 12, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: SYNC },
      y: false,
      points: { size: 6 },
      drag: { x: true, y: false, setScale: false, dist: 4 },
      bind: {
        dblclick: () => () => {
          onZoom(null);
          return null;
        },
      },
    },
    scales: {
      x: { time: false, range: () => [...(view()?.window ?? [0, 1])] as uPlot.Range.MinMax },
      y: { distr: log ? 3 : 1, range: () => [...(view()?.axis.range ?? [0.1, 1])] as uPlot.Range.MinMax },
    },
    axes: [
      {
        ...line,
        size: 24,
        gap: 4,
        space: 48,
        incrs: [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 1e4, 2e4, 5e4, 1e5],
      },
      {
        ...line,
        size: (_, labels) => Math.max(54, 20 + CHARACTER * Math.max(...(labels ?? []).map(({ length }) => length))),
        gap: 8,
        values: (_, ticks) => ticks.map((tick) => view()?.tick(tick) ?? ''),
        ...(log
          ? {
              filter: (_: uPlot, ticks: number[]) => ticks,
              splits: () => [...logScale(view()?.axis.range ?? [0.1, 1], [0, 1]).ticks],
            }
          : { space: 36 }),
      },
    ],
    series: [
      {},
      {
        width: 0,
        fill: theme.band,
        fillTo: () => view()?.axis.range[0] ?? 0,
        points: { show: false },
        stroke: theme.band,
      },
      ...(shown?.lines ?? []).map((curve) => {
        const style = curveStyle(curve);
        const dash = isFurther(curve) ? undefined : DASHES[style];
        return {
          label: curve.label,
          ...(isFurther(curve) ? { alpha: FURTHER.opacity } : {}),
          width: isFurther(curve) ? FURTHER.width : style === 'base' ? 4 : log ? 1.6 : 2,
          stroke: theme.curves[style],
          points: { show: false },
          ...(dash ? { dash: [...dash] } : {}),
        };
      }),
    ],
    hooks: {
      setSelect: [
        (chart) => {
          const { left, width } = chart.select;
          if (width < 4) return;
          onZoom([chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x')]);
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      draw: [(chart) => drawFloorNote(chart, view()?.floorNote ?? null, theme)],
    },
    plugins: [readout(view)],
  };
}

function drawFloorNote(chart: uPlot, note: string | null, theme: Theme): void {
  if (note === null) return;
  const { ctx, bbox } = chart;
  const pixel = devicePixelRatio;
  ctx.save();
  ctx.font = theme.font.replace(/^\d+px/, `${12 * pixel}px`);
  ctx.fillStyle = theme.curves.rescaled;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'bottom';
  ctx.fillText(note, bbox.left + 10 * pixel, bbox.top + bbox.height - 8 * pixel);
  ctx.restore();
}
