import type { Caveat } from '../../../recipe/caveats/caveat';
import type { ConfigPlan } from '../../../config/planned';
import type { ConfigChange } from '../../../config/plan/config-change';

/**
 * A change as numbers: `from` as it stands (or as the default is), `to` as it would be written, `factor` exact.
 * null where nobody says; a switch is 0 or 1, and its factor is that of the scaling.
 */
export function changeJson({ field, key, from, to, written, exact, factor }: ConfigChange): unknown {
  if (field === 'useRslora') return { key, from: exact === null ? null : 1 - exact, to: written, factor };
  return { key, from: numeric(from) ?? (exact === null ? null : exact / factor), to: written ?? numeric(to), factor };
}

/** One plan of `plan --json`. */
export function planJson({ id, exactness, rows, init, code, caveats }: ConfigPlan): unknown {
  return {
    id,
    exactness,
    changes: rows.map(changeJson),
    init,
    code,
    caveats: caveats.map(caveatJson),
  };
}

export function caveatJson({ code, message }: Caveat): object {
  return { code, message };
}

function numeric(text: string | null): number | null {
  const value = text === null || text.trim() === '' ? NaN : Number(text.replace(/^(['"])(.*)\1$/, '$2'));
  return Number.isFinite(value) ? value : null;
}
