import { numberLabel } from '../recipe/notation';

/** A relative deviation: percent where that reads well (`0.4 %`), a power of ten below (`3.1e-5`), `0` for the same bits. */
export function deviationLabel(deviation: number, digits = 2): string {
  if (!Number.isFinite(deviation)) return numberLabel(deviation);
  const rounded = Number(deviation.toPrecision(digits));
  if (rounded >= 100) return `${numberLabel(rounded, digits)}×`;
  return rounded >= 1e-3 ? `${numberLabel(rounded * 100, Math.max(digits, 3))} %` : numberLabel(rounded, digits);
}
