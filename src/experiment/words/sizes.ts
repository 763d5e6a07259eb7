/** `0.3 %`, `2.1e-7`, `no bit` */
export function sizeWords(deviation: number): string {
  if (deviation === 0) return 'no bit';
  if (!Number.isFinite(deviation)) return 'more than any number';
  if (deviation >= 100) return `a factor of ${Number(deviation.toPrecision(2))}`;
  if (deviation >= 1e-3) return `${Number((deviation * 100).toPrecision(2))} %`;
  return deviation.toExponential(1).replace('.0e', 'e');
}

/** How far two curves are apart, also where one of them is none. */
export function apart(deviation: number): string {
  return Number.isFinite(deviation) ? `${sizeWords(deviation)} apart` : 'it diverges';
}

export function sentences(...parts: string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

/** `a`, `a and b`, `a, b and c` */
export function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
