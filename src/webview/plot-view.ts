import type { Curve } from '../experiment/words/curves';
import type { Axis } from './loss-axis';

/** A line of a plot. */
export interface Line extends Curve {
  /**
   * One value per step. A value that is not finite is a gap on a linear axis, and is drawn at the edge on a logarithmic
   * axis.
   */
  values: readonly number[];
}

/** What a plot shows. */
export interface PlotView {
  lines: readonly Line[];
  /** Upper edge of the rounding band, per step; empty if there is no band. */
  band: readonly number[];
  /** First and last step shown. */
  window: readonly [number, number];
  axis: Axis;
  /** A value as text, for the readout and the table. */
  format(value: number): string;
  /** A tick of the axis as text. */
  tick(value: number): string;
  /** Text at the lower edge of the plot, or null. */
  floorNote: string | null;
}
