import * as l10n from '@vscode/l10n';
import { constantOf, type OptimizerRow } from '../../../recipe/optimizers/optimizer-row';
import type { ConstantId } from '../../../recipe/optimizers/constants';
import type { Default, ReadSoFar } from './fields';

type RowField = ConstantId | 'weightDecay' | 'betas' | 'momentum';

/** The default of the optimizer's class, for trainers that pass only the learning rate to it. */
export function fromRow(field: RowField) {
  return ({ row, optimizer }: ReadSoFar): Default | null => {
    const value = row && defaultOf(row, field);
    if (!row || value === null || value === undefined) return null;
    return { value, who: optimizer ?? row.title };
  };
}

/** The default learning rate of the class. */
export function rateFromRow({ row, optimizer }: ReadSoFar): Default | null {
  return row && { value: row.defaults.learningRate, who: optimizer ?? row.title };
}

/** `value` for optimizers with this constant. */
export function ifRowHas(field: 'eps' | 'betas', value: Default['value'], who?: string) {
  return ({ row }: ReadSoFar): Default | null => {
    const has = row && (defaultOf(row, field) ?? null) !== null;
    return has ? { value, ...(who === undefined ? {} : { who }) } : null;
  };
}

/** Clipping where null turns it off. */
export function notClipped(label: string): Default {
  return { value: 0, why: l10n.t`${label} is null, which turns clipping off.` };
}

function defaultOf(row: OptimizerRow, field: RowField): number | readonly [number, number] | null | undefined {
  if (field === 'weightDecay') return row.decay === 'none' ? null : row.defaults.weightDecay;
  if (field === 'betas' || field === 'momentum') return row.defaults[field];
  const usual = constantOf(row, field)?.default;
  // The largest learning rate defaults to that of the run.
  return field === 'maxRate' && usual === 0 ? null : usual;
}
