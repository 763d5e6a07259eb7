import type { Scalar } from '../tree';

/**
 * What Python's `str()` makes of a value.
 * @param raw its source, which tells `16.0` from `16`
 */
export function pythonText(value: Scalar, raw: string): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return value;
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const isWhole = Number.isInteger(value) && !/^[-+]?[\d_.]*[.eE]/.test(raw.trim());
  if (isWhole) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [mantissa = '', exponent = ''] = value.toExponential().split('e');
    return `${mantissa}e${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, '0')}`;
  }
  const plain = String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}
