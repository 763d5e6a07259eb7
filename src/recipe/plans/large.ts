import type { Field } from './plan';

/** The numbers people came for, in the order in which they are shown large. */
const LARGE: readonly Field[] = ['learningRate', 'loraplusLrRatio', 'alpha', 'init'];

/** Splits changes into those of {@link LARGE} and the rest. A change of only A or B (`isOfFactor`) is in the rest. */
export function largeAndRest<Row extends { field: string }>(
  all: readonly Row[],
  isOfFactor: (row: Row) => boolean,
): [large: Row[], rest: Row[]] {
  const large = LARGE.flatMap((field) => all.find((row) => row.field === field && !isOfFactor(row)) ?? []);
  return [large, all.filter((row) => !large.includes(row))];
}
