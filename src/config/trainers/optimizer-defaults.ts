import { constantOf } from '../../recipe/optimizer-row';
import type { Otherwise, Known } from './trainer';

/** The constants of our row for the optimizer, for trainers that hand nothing but the rate to the implementation. */
export function fromRow(field: 'eps' | 'weightDecay' | 'betas' | 'momentum') {
  return ({ row, optimizer }: Known): Otherwise | null => {
    const value = field === 'eps' ? row && constantOf(row, 'eps')?.default : row?.defaults[field];
    if (!row || value === null || value === undefined) return null;
    return { value, why: `${optimizer ?? row.title} has ${wordOf(field)} ${String(value)} unless told otherwise.` };
  };
}

/** `value` for optimizers that have this constant at all. */
export function ifRowHas(field: 'eps' | 'betas', value: Otherwise['value'], why: string) {
  return ({ row }: Known): Otherwise | null => {
    const has = row && (field === 'eps' ? constantOf(row, 'eps') !== undefined : row.defaults[field] !== null);
    return has ? { value, why } : null;
  };
}

function wordOf(field: 'eps' | 'weightDecay' | 'betas' | 'momentum'): string {
  return field === 'weightDecay' ? 'a weight decay of' : field;
}
