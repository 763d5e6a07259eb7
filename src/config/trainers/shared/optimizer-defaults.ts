import { constantOf, type OptimizerRow } from '../../../recipe/optimizers/optimizer-row';
import type { ConstantId } from '../../../recipe/optimizers/constants';
import type { Otherwise, Known } from './fields';

type Field = ConstantId | 'weightDecay' | 'betas' | 'momentum';

/** What the class has where nobody says, for trainers that hand nothing but the rate to the implementation. */
export function fromRow(field: Field) {
  return ({ row, optimizer }: Known): Otherwise | null => {
    const value = row && defaultOf(row, field);
    if (!row || value === null || value === undefined) return null;
    return unlessTold(optimizer ?? row.title, field, value);
  };
}

/** The class's own learning rate. */
export function rateFromRow({ row, optimizer }: Known): Otherwise | null {
  return row && unlessTold(optimizer ?? row.title, 'learningRate', row.defaults.learningRate);
}

/** `value` for optimizers that have this constant at all. */
export function ifRowHas(field: 'eps' | 'betas', value: Otherwise['value'], why: string) {
  return ({ row }: Known): Otherwise | null => {
    const has = row && (defaultOf(row, field) ?? null) !== null;
    return has ? { value, why } : null;
  };
}

/** A default of an optimizer's class, and that it is one. */
export function unlessTold(optimizer: string, field: string, value: Otherwise['value']): Otherwise {
  return { value, why: `${optimizer} has ${WORDS[field] ?? field} ${String(value)} unless told otherwise.` };
}

function defaultOf(row: OptimizerRow, field: Field): number | readonly [number, number] | null | undefined {
  if (field === 'weightDecay') return row.decay === 'none' ? null : row.defaults.weightDecay;
  if (field === 'betas' || field === 'momentum') return row.defaults[field];
  const usual = constantOf(row, field)?.default;
  // The largest rate of the run is the run's own where nobody says.
  return field === 'maxRate' && usual === 0 ? null : usual;
}

const WORDS: Readonly<Record<string, string>> = {
  learningRate: 'a rate of',
  weightDecay: 'a weight decay of',
  momentum: 'a momentum of',
};
