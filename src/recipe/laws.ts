/** How a number moves with k, in the notation of the table: `÷ √k`, `× k`. `power` is the power of k. */
export function lawOf(power: number): string {
  if (power === 0) return 'unchanged';
  const sign = power < 0 ? '÷' : '×';
  const size = Math.abs(power);
  if (size === 0.5) return `${sign} √k`;
  if (size === 1) return `${sign} k`;
  if (size === 2) return `${sign} k²`;
  return `${sign} k^${size}`;
}
