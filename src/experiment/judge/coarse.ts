import { TOLERANCE } from '../../recipe/compare/ratio';
import { moveNumbers } from '../variants/moved-numbers';
import type { MovedNumber, VariantSpec } from '../spec';

/** A number that is written with too few digits, so that the file describes another run. */
export interface Coarse {
  what: MovedNumber | 'scaling';
  written: number;
  exact: number;
}

/** A comparison of two files multiplies up to two written numbers. */
const COARSEST = TOLERANCE / 2;

/** The numbers for which a comparison of both files would say "different". */
export function coarseNumbers(exact: VariantSpec, written: VariantSpec): Coarse[] {
  const found = new Map<Coarse['what'], Coarse>();
  const look = (from: number, to: number, what: Coarse['what']): number => {
    if (from !== 0 && Math.abs(to / from - 1) > COARSEST && !found.has(what)) {
      found.set(what, { what, written: to, exact: from });
    }
    return to;
  };
  look(exact.scaling, written.scaling, 'scaling');
  moveNumbers(exact, written, look);
  return [...found.values()];
}
