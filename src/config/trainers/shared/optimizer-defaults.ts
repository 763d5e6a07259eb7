import { constantOf, type OptimizerRow } from '../../../recipe/optimizers/optimizer-row';
import type { ConstantId } from '../../../recipe/optimizers/constants';
import type { Default, ReadSoFar } from './fields';

type RowField = ConstantId | 'weightDecay' | 'betas' | 'momentum';

/** What the class has where nobody says, for trainers that hand nothing but the rate to the implementation. */
export function fromRow(field: RowField) {
  return ({ row, optimizer }: ReadSoFar): Default | null => {
    const value = row && defaultOf(row, field);
    if (!row || value === null || value === undefined) return null;
    return { value, who: optimizer ?? row.title };
  };
}

/** The class's own learning rate. */
export function rateFromRow({ row, optimizer }: ReadSoFar): Default | null {
  return row && { value: row.defaults.learningRate, who: optimizer ?? row.title };
}

/** `value` for optimizers that have this constant at all. */
export function ifRowHas(field: 'eps' | 'betas', value: Default['value'], who?: string) {
  return ({ row }: ReadSoFar): Default | null => {
    const has = row && (defaultOf(row, field) ?? null) !== null;
    return has ? { value, ...(who === undefined ? {} : { who }) } : null;
  };
}

function defaultOf(row: OptimizerRow, field: RowField): number | readonly [number, number] | null | undefined {
  if (field === 'weightDecay') return row.decay === 'none' ? null : row.defaults.weightDecay;
  if (field === 'betas' || field === 'momentum') return row.defaults[field];
  const usual = constantOf(row, field)?.default;
  // The largest rate of the run is the run's own where nobody says.
  return field === 'maxRate' && usual === 0 ? null : usual;
}
