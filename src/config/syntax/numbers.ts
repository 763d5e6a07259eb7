/**
 * `value` as every reader of YAML, JSON, TOML and Python takes it for a number.
 * Small numbers get an exponent with a dot before it and a sign in it: PyYAML takes `1e-4` for text.
 * @param float write `2.0`, not `2`
 */
export function formatNumber(value: number, float: boolean): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e15)) {
    const [mantissa = '', exponent = ''] = value.toExponential().split('e');
    return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}e${exponent}`;
  }
  const plain = String(value);
  return float && !plain.includes('.') ? `${plain}.0` : plain;
}

/** True where a number is written as a whole number: `16`, not `16.0` or `1.6e1`. */
export function isWrittenWhole(raw: string): boolean {
  return /^[-+]?[\d_]+$/.test(raw);
}
