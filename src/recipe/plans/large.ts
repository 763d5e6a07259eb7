import type { Field } from './plan';

/** The numbers people came for, in the order in which they are shown large. */
const LARGE: readonly Field[] = ['learningRate', 'loraplusLrRatio', 'alpha', 'init'];

/** Splits changes: those of the whole run's rate, ratio, alpha and init, and the rest. Changes of one factor are no large ones. */
export function largeAndRest<Row extends { field: string }>(
  all: readonly Row[],
  isOfFactor: (row: Row) => boolean,
): [large: Row[], rest: Row[]] {
  const large = LARGE.flatMap((field) => all.find((row) => row.field === field && !isOfFactor(row)) ?? []);
  return [large, all.filter((row) => !large.includes(row))];
}
