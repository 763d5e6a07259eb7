import { axes, legend, legendHeight, picture, type Frame, drawLine } from '../../src/plot/frame';
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
  const [width, height, left] = [652, 280, 52];
  const right = width - 26;
  const frame: Frame = {
    width,
    height,
    left,
    right,
    top: legendHeight(lines, left, right) + 10,
    bottom: height - 38,
  };
  const [first = 0, last = 1] = [held[0]?.at, held.at(-1)?.at];
  const x = linearScale([first, last], [left, right]);
  const y = logScale([1, 1_000], [frame.bottom, frame.top]);
  const places = { ...x, position: (i: number): number => x.position(held[Math.round(i)]?.at ?? first) };
  const labels = { x: (value: number) => value.toLocaleString('en'), y: (value: number) => value.toLocaleString('en') };
  const text = drawn.map(({ label, values }) => `${label}: ${ends(values)}`).join('; ');
  return picture(
    { id: `memory-${counted}`, title, description: `From ${counted} ${first} to ${last}. ${text}.` },
    axes(x, y, labels, frame, LIGHT_PALETTE, counted) +
      lines.map(({ values, mark }) => drawLine(values, mark, places, y, frame)).join('') +
      legend(lines, frame, LIGHT_PALETTE),
    frame,
    LIGHT_PALETTE,
  );
}

function ends(values: readonly number[]): string {
  const [first = 0, last = 0] = [values[0], values.at(-1)].map((value) => Number((value ?? 0).toPrecision(3)));
  return first === last ? `${first} throughout` : `${first} at first, ${last} at last`;
}
