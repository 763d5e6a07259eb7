import { numberLabel } from '../recipe/notation';
import type { Recipe } from '../recipe/recipe';

/** `s 2 · α 32 · r 16 · lr 2e-4`; a rate nobody states is left out. */
export function numbersLabel({ scaling, alpha, rank, scalingRule, learningRate }: Recipe): string {
  return [
    `s ${numberLabel(scaling)}`,
    ...(scalingRule === 'direct' ? [] : [`α ${numberLabel(alpha)}`]),
    `r ${rank}`,
    ...(learningRate === null ? [] : [`lr ${numberLabel(learningRate)}`]),
  ].join(' · ');
}

/** The shortest ends of paths that tell them apart: `train.yml`, or `a/train.yml` and `b/train.yml`. */
export function shortNames(paths: readonly string[]): string[] {
  const distinct = [...new Set(paths)];
  const parts = new Map(distinct.map((path) => [path, path.split('/').filter((part) => part !== '')]));
  const ends = new Map<string, number>();
  const endOf = (path: string, depth: number): string => (parts.get(path) ?? []).slice(-depth).join('/');
  let open = distinct;
  for (let depth = 1; open.length > 0; depth++) {
    const counts = new Map<string, number>();
    for (const path of open) counts.set(endOf(path, depth), (counts.get(endOf(path, depth)) ?? 0) + 1);
    const isEnd = (path: string): boolean =>
      counts.get(endOf(path, depth)) === 1 || depth >= (parts.get(path)?.length ?? 0);
    for (const path of open) if (isEnd(path)) ends.set(path, depth);
    open = open.filter((path) => !ends.has(path));
  }
  return paths.map((path) => endOf(path, ends.get(path) ?? 1));
}
