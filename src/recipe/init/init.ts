import { INITS } from './init-rows';
import type { InitRow } from './init-row';

const BY_ID: ReadonlyMap<string, InitRow> = new Map(INITS.map((row) => [row.id, row]));

/** The init of that name, or undefined. */
export function initRow(id: string | null): InitRow | undefined {
  return id === null ? undefined : BY_ID.get(id);
}

/**
 * Whether the init compensates for the scaling by itself: σ of both factors is proportional to 1/√s, so the symmetric
 * gauge needs no code.
 */
export function isAutomatic({ A, B }: Pick<InitRow, 'A' | 'B'>): boolean {
  return A.scaling === -1 / 2 && B.scaling === -1 / 2;
}
