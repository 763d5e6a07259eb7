import { adam } from './adam';
import { adamw } from './adamw';
import { muon } from './muon';
import type { Optimizer } from './optimizer';
import { sgd } from './sgd';
import { shampoo } from './shampoo';
import { soap } from './soap';

/** Row of recipe/optimizers.ts → what trains it here. */
const BY_ROW: Readonly<Record<string, Optimizer>> = { sgd, adam, adamw, muon, shampoo, soap };

/** @throws Error that names the rows there are */
export function optimizerOf(row: string): Optimizer {
  const optimizer = Object.hasOwn(BY_ROW, row) ? BY_ROW[row] : undefined;
  if (!optimizer) {
    throw new Error(`no training for the optimizer ${row}; there is one for ${Object.keys(BY_ROW).join(', ')}`);
  }
  return optimizer;
}
