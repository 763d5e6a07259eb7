import { axes, legend, legendHeight, picture, type PlotFrame, drawLine } from '../../src/plot/frame';
import { LIGHT_PALETTE } from '../../src/plot/style';
import { linearScale, logScale } from '../../src/plot/scales';

/** What is held at one moment. */
export interface Held {
  /** The step, or the run, after which it is held. */
  at: number;
  tensors: number;
  bytes: number;
  /** Bytes of WebAssembly's memory; 0 without. */
  heap: number;
  /** Bytes of the whole process. */
  rss: number;
}

const MB = 2 ** 20;
const SERIES: readonly { label: string; colour: string; of: (held: Held) => number }[] = [
  { label: 'tensors', colour: '#0b6bcb', of: ({ tensors }) => tensors },
  { label: 'their bytes, kB', colour: '#b3541e', of: ({ bytes }) => bytes / 1024 },
  { label: 'WebAssembly’s heap, MB', colour: '#2e7d32', of: ({ heap }) => heap / MB },
  { label: 'process, MB', colour: '#7b3fb5', of: ({ rss }) => rss / MB },
];

/**
 * What was held over the steps of a run, or over runs, as a self-contained SVG on a logarithmic axis.
 * @param held evenly spaced
 * @param counted `step` or `run`
 */
export function memorySvg(held: readonly Held[], counted: string, title: string): string {
  const drawn = SERIES.map((series) => ({ ...series, values: held.map(series.of) })).filter(({ values }) =>
    values.some((value) => value > 0),
  );
  const lines = drawn.map(({ label, colour, values }) => {
    const mark = { colour, width: 1.75, opacity: 1, dash: [], dashOffset: 0, legendDash: [] };
    return { label, values, mark };
  });
  const [width, height, left, right] = [652, 280, 52, 626];
  const [top, bottom] = [legendHeight(lines, left, right) + 10, height - 38];
  const [first = 0, last = 1] = [held[0]?.at, held.at(-1)?.at];
  const x = linearScale([first, last], [left, right]);
  const y = logScale([1, 1_000], [bottom, top]);
  const frame: PlotFrame = { width, height, left, right, top, bottom, palette: LIGHT_PALETTE, x, y };
  const byIndex = { ...x, position: (i: number): number => x.position(held[Math.round(i)]?.at ?? first) };
  const labels = { x: (value: number) => value.toLocaleString('en'), y: (value: number) => value.toLocaleString('en') };
  const text = drawn.map(({ label, values }) => `${label}: ${ends(values)}`).join('; ');
  return picture(
    { id: `memory-${counted}`, title, description: `From ${counted} ${first} to ${last}. ${text}.` },
    axes(frame, labels, counted) +
      lines.map(({ values, mark }) => drawLine(values, mark, { ...frame, x: byIndex })).join('') +
      legend(lines, frame),
    frame,
  );
}

function ends(values: readonly number[]): string {
  const [first = 0, last = 0] = [values[0], values.at(-1)].map((value) => Number((value ?? 0).toPrecision(3)));
  return first === last ? `${first} throughout` : `${first} at first, ${last} at last`;
}
