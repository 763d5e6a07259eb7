/** The first of the most frequent values; null where there is none. */
export function mostFrequent(values: readonly number[]): number | null {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted(([, one], [, other]) => other - one)[0]?.[0] ?? null;
}

/** The rank that kernels of one GPU pad to: 8 up to 8, then multiples of 16. */
export const paddedRank = (rank: number): number => (rank <= 8 ? 8 : Math.ceil(rank / 16) * 16);
