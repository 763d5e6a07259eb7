import { isRank } from '../../../recipe/recipe';
import { commandIn, type Entry, type MapNode, type SyntaxNode } from '../../syntax/tree';
import { ALPHA, isLoraWord, numberOf, plainWord, RANK, type Alias } from './aliases';

/** A map of the tree, with the way to it; a step into a list is its index. */
export interface MapInFile {
  map: MapNode;
  path: readonly string[];
}

/** A map with a rank and an alpha of LoRA. */
export interface LoraBlock extends MapInFile {
  rank: Entry;
  alpha: Entry;
}

/** Every map of the tree, outer ones first. */
export function mapsIn(node: SyntaxNode, path: readonly string[] = []): MapInFile[] {
  if (node.kind === 'scalar') return [];
  if (node.kind === 'list') return node.items.flatMap((item, i) => mapsIn(item, [...path, String(i)]));
  return [{ map: node, path }, ...ownEntries(node).flatMap(({ key, value }) => mapsIn(value, [...path, key]))];
}

/** The entries of a map. Of a command: the program's flags without its launcher's, and of a repeated flag the last. */
export function ownEntries(map: MapNode): readonly Entry[] {
  if (!commandIn(map)) return map.entries;
  const last = new Map(map.entries.map((entry) => [entry.key, entry]));
  return map.entries.filter((entry) => last.get(entry.key) === entry);
}

/** The maps with ranks and alphas; null in place of one that is unclear, or whose names may mean something else. */
export function blocksIn(places: readonly MapInFile[]): (LoraBlock | null)[] {
  return places.flatMap(({ map, path }) => {
    const [ranks, alphas] = [numbersIn(map, RANK), numbersIn(map, ALPHA)];
    const [rank, alpha] = [ranks[0], alphas[0]];
    if (!rank || !alpha) return [];
    const isClear = ranks.length + alphas.length === 2 && [...path, rank.key, alpha.key].some(isLoraWord);
    const isLora = isRank(numberOf(rank.value) ?? 0) && (numberOf(alpha.value) ?? 0) > 0;
    return [isClear && isLora ? { map, path, rank, alpha } : null];
  });
}

/** The numbers of a map that are called so: those whose names speak of LoRA, or else the others. */
function numbersIn(map: MapNode, { names }: Alias): readonly Entry[] {
  const named = ownEntries(map).filter(({ key, value }) => names.has(plainWord(key)) && numberOf(value) !== undefined);
  const own = named.filter(({ key }) => isLoraWord(key));
  if (own.length > 0) return own;
  // A command holds everything at once: its `--alpha` may be anybody's, its `--dim` the model's.
  return commandIn(map) ? named.filter(({ key }) => /^r(?:ank)?$/i.test(key)) : named;
}
