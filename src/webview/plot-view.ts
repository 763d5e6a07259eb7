import type { Curve } from '../experiment/words/curves';
import type { Axis } from './loss-axis';

/** A line of a plot. */
export interface Line extends Curve {
  /** One value per step; what is not finite leaves a gap on a linear axis and the frame on a logarithmic one. */
  values: readonly number[];
}

/** What a plot shows. */
export interface PlotView {
  lines: readonly Line[];
  /** Upper edge of the band of mere rounding, per step; empty where there is none. */
  band: readonly number[];
  /** First and last step shown. */
  window: readonly [number, number];
  axis: Axis;
  /** A value as text, for the readout and the table. */
  format(value: number): string;
  /** A tick of the axis as text. */
  tick(value: number): string;
  /** Words written on the plot at its floor, or null. */
  floorNote: string | null;
}
