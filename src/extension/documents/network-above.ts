import type { Reading } from '../../config/reading';

/** The network whose values stand nearest above an offset of the text; the first where there is no offset. */
export function networkAbove({ recipes }: Reading, offset: number | null): number {
  if (offset === null || recipes.length < 2) return 0;
  const starts = recipes.map(({ stated: { rank, alpha } }) => {
    const stated = rank ?? alpha;
    return (stated?.key ?? stated?.range)?.start ?? 0;
  });
  return Math.max(0, starts.filter((start) => start <= offset).length - 1);
}
