import type { ReadField } from '../../reading';
import type { Entry, MapNode, SyntaxNode } from '../../syntax/tree';
import type { Place } from './blocks';
import { ownEntries } from './entries';
import {
  isNumber,
  isOptimizerBlock,
  isSchedule,
  isOtherRate,
  isText,
  OPTIMIZER_NAMES,
  OTHER_MODEL,
  plainWord,
  WANTED,
  type Wanted,
} from './words';

/** An entry near a block, with the way to it. */
export interface Near {
  path: readonly string[];
  entry: Entry;
}

/** What was found for a field: one, none, or several of which none is taken. */
export interface Companion {
  wanted: Wanted;
  found: readonly Near[];
}

/** How far below a map on the way up to the root a number may stand: `optimizer.params.lr`. */
const DEPTH = 2;

/** Everything that is looked for near `block`, nearest first: in the block, beside it, beside what holds it. */
export function companionsOf(root: MapNode, block: Place): Companion[] {
  return WANTED.map((wanted) => ({ wanted, found: nearest(root, block, wanted) }));
}

/** Keys of rates near the block that were taken for nothing. */
export function otherRates(root: MapNode, block: Place, taken: ReadonlySet<Entry>): Near[] {
  const scopes = scopesOf(root, block);
  return [...scopes, ...scopes.flatMap(schedulesIn)].flatMap((scope) =>
    entriesIn(scope, DEPTH).filter(
      ({ entry }) => isOtherRate(plainWord(entry.key)) && isNumber(entry.value) && !isZero(entry) && !taken.has(entry),
    ),
  );
}

const isZero = ({ value }: Entry): boolean => value.kind === 'scalar' && Number(value.value) === 0;

/** Blocks of a schedule. Only a floor or a peak is read from them. */
function schedulesIn({ map, path }: Place): Place[] {
  return ownEntries(map).flatMap(({ key, value }) => {
    if (value.kind !== 'map') return [];
    const own = { map: value, path: [...path, key] };
    return isSchedule(key) ? [own] : OTHER_MODEL.test(plainWord(key)) ? [] : schedulesIn(own);
  });
}

/** Every entry of the block and of the maps around it, each once. */
export function nearby(root: MapNode, block: Place): Near[] {
  const all = scopesOf(root, block).flatMap((scope) => entriesIn(scope, DEPTH));
  return [...new Map(all.map((near) => [near.entry, near])).values()];
}

/** The pair of betas as two numbers: `beta1` and `beta2` beside a rate. */
export function betaPair(root: MapNode, block: Place): readonly [Near, Near] | null {
  for (const scope of scopesOf(root, block)) {
    const near = entriesIn(scope, DEPTH).filter((one) => isBesideRate(scope, one) && isNumber(one.entry.value));
    const first = near.filter(({ entry }) => /^(adam_)?beta_?1$/.test(plainWord(entry.key)));
    const second = near.filter(({ entry }) => /^(adam_)?beta_?2$/.test(plainWord(entry.key)));
    if (first[0] && second[0] && first.length === 1 && second.length === 1) return [first[0], second[0]];
  }
  return null;
}

function nearest(root: MapNode, block: Place, wanted: Wanted): Near[] {
  const scopes = scopesOf(root, block);
  for (const scope of wanted.inBlock ? scopes.slice(0, 1) : scopes) {
    const found = entriesIn(scope, wanted.inBlock ? 0 : DEPTH).filter((near) => fits(scope, near, wanted));
    if (found.length === 0) continue;
    const least = Math.min(...found.map(({ path }) => path.length));
    const closest = found.filter(({ path }) => path.length === least);
    const best = closest.filter(({ path }) => path.slice(scope.path.length, -1).some(isOptimizerBlock));
    return best.length > 0 ? best : closest;
  }
  return [];
}

function fits(scope: Place, near: Near, wanted: Wanted): boolean {
  const { entry, path } = near;
  const isNamed = wanted.words.has(plainWord(entry.key)) && wanted.fits(entry.value);
  if (isNamed) return !wanted.besideRate || isBesideRate(scope, near);
  // A block of the optimizer names it by a word that is common elsewhere.
  const parent = path.at(-2);
  return (
    wanted.field === ('optimizer' satisfies ReadField) &&
    parent !== undefined &&
    isOptimizerBlock(parent) &&
    OPTIMIZER_NAMES.has(plainWord(entry.key)) &&
    isText(entry.value)
  );
}

/** In a block of the optimizer, or in one map with a rate. */
function isBesideRate(scope: Place, { path }: Near): boolean {
  if (path.slice(0, -1).some(isOptimizerBlock) || /^(adam|optimizer)_/.test(plainWord(path.at(-1) ?? ''))) return true;
  const siblings = entriesIn(scope, DEPTH).filter(
    (other) => other.path.length === path.length && other.path.slice(0, -1).every((step, i) => step === path[i]),
  );
  return siblings.some(({ entry }) => /^(lr|learning_rate|base_lr)$/.test(plainWord(entry.key)));
}

/** The block, then each map that holds it, up to the root. */
function scopesOf(root: MapNode, { path }: Place): Place[] {
  const scopes: Place[] = [];
  let node: SyntaxNode | undefined = root;
  for (let i = 0; i <= path.length && node; i++) {
    if (node.kind === 'map') scopes.unshift({ map: node, path: path.slice(0, i) });
    const step = path[i];
    if (step === undefined) break;
    node =
      node.kind === 'map'
        ? node.entries.findLast(({ key }) => key === step)?.value
        : node.kind === 'list'
          ? node.items[Number(step)]
          : undefined;
  }
  return scopes;
}

/** Entries of a map, and of the maps below it; blocks that are of another model are left out. */
function entriesIn({ map, path }: Place, depth: number): Near[] {
  return ownEntries(map).flatMap((entry): Near[] => {
    const own = { entry, path: [...path, entry.key] };
    if (entry.value.kind !== 'map' || depth === 0) return [own];
    if (OTHER_MODEL.test(plainWord(entry.key))) return [];
    return [own, ...entriesIn({ map: entry.value, path: own.path }, depth - 1)];
  });
}
