import { callIn, type MapNode } from '../../config/syntax/tree';
import type { Layout } from '../../config/trainers/trainer';

/** More names than this do not fit into a comment that is read. */
const MOST = 16;

/**
 * The keys of a config that the exported file does not follow: the first few by name, and the number of all others.
 * In a script these are its training arguments.
 */
export function leftOut(root: MapNode, { fields, peft, schedule }: Layout): { names: readonly string[]; more: number } {
  const sources = Object.values(fields).flatMap(({ keys }) => keys);
  const own = peft ? [...Object.values(peft.fields), peft.seed, peft.batch] : [];
  const used = new Set([...sources, ...own, ...(peft?.models ?? [])].map(({ path }) => path[0]));
  if (schedule?.at) used.add(schedule.at);
  const isPart = ({ value }: MapNode['entries'][number]): boolean => value.kind === 'map' && callIn(value) !== null;
  const names = root.entries
    .filter((entry) => !used.has(entry.key) && !entry.isSpread && !isPart(entry) && !/^\d+$/.test(entry.key))
    .map(({ key }) => key);
  const unique = [...new Set(names)];
  return { names: unique.slice(0, MOST), more: Math.max(0, unique.length - MOST) };
}
