/** Numbers as people read them: `0.25`, `1.732e-5`, `1e-4`. At most `digits` significant digits, no trailing zeros. */
export function numberLabel(value: number, digits = 4): string {
  if (Number.isNaN(value)) return 'not a number';
  if (!Number.isFinite(value)) return value > 0 ? 'infinite' : '−infinite';
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  return size >= 1e-3 && size < 1e6 ? String(rounded) : rounded.toExponential().replace('e+', 'e');
}

/** A relative deviation: percent where that reads well (`0.4 %`), a power of ten below (`3.1e-5`), `0` for the same bits. */
export function deviationLabel(deviation: number, digits = 2): string {
  if (!Number.isFinite(deviation)) return numberLabel(deviation);
  const rounded = Number(deviation.toPrecision(digits));
  if (rounded >= 100) return `${numberLabel(rounded, digits)}×`;
  return rounded >= 1e-3 ? `${numberLabel(rounded * 100, Math.max(digits, 3))} %` : numberLabel(rounded, digits);
}
