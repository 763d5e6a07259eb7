import { isRank } from '../../../recipe/recipe';
import type { Entry, MapNode, ScalarNode, SyntaxNode } from '../../syntax/tree';
import { ownEntries } from './entries';
import {
  ALPHA,
  FULL,
  isLoraWord,
  isNumber,
  isOn,
  KINDS,
  METHODS,
  MODES,
  NOT_OUR_BLOCK,
  NOT_OURS,
  OFF_SWITCHES,
  OTHER_KINDS,
  plainWord,
  RANK,
  SWITCHES,
  WITNESSES,
  type Words,
} from './words';

/** A map of the tree, with the way to it; a step into a list is its index. */
export interface Place {
  map: MapNode;
  path: readonly string[];
}

/** A rank and an alpha that belong together. */
export interface Block extends Place {
  /** More than one where a file names it twice: then none is taken. */
  ranks: readonly Entry[];
  alphas: readonly Entry[];
}

/** A home-made config is small; a tree beyond these bounds is something else. */
const MAX_MAPS = 2000;
const MAX_DEPTH = 24;

/** Every map of the tree, outer ones first. */
export function mapsIn(root: MapNode): Place[] {
  const places: Place[] = [];
  const open: { node: SyntaxNode; path: readonly string[] }[] = [{ node: root, path: [] }];
  for (let next = open.shift(); next; next = open.shift()) {
    const { node, path } = next;
    if (node.kind === 'scalar' || path.length > MAX_DEPTH) continue;
    if (node.kind === 'map') {
      if (places.length >= MAX_MAPS) return [];
      places.push({ map: node, path });
      open.push(...ownEntries(node).map((entry) => ({ node: entry.value, path: [...path, entry.key] })));
    } else open.push(...node.items.map((item, i) => ({ node: item, path: [...path, String(i)] })));
  }
  return places;
}

/** The blocks of a file that are LoRA's beyond doubt: a rank and an alpha in one map, and a word that says of what. */
export function blocksIn(root: MapNode): Block[] {
  const places = mapsIn(root);
  return withoutCopies(places.flatMap((place) => blockAt(place, places) ?? []));
}

function blockAt(place: Place, places: readonly Place[]): Block | null {
  const { map, path } = place;
  const numbers = ownEntries(map).filter(({ value }) => isNumber(value));
  const [ranks, alphas] = map.command
    ? [pick(numbers, rankFlags(map)), pick(numbers, { ...ALPHA, plain: NO_WORDS })]
    : [pick(numbers, RANK), pick(numbers, ALPHA)];
  if (ranks.length === 0 || alphas.length === 0) return null;
  if (path.some((step) => NOT_OUR_BLOCK.test(plainWord(step)))) return null;
  if (ranks.some(({ value }) => !mayBeRank(value)) || alphas.some(({ value }) => !isPositive(value))) return null;
  if (isOff(place, places) || isOtherKind(map)) return null;
  const isNamed = [...ranks, ...alphas].some(
    ({ key }) => RANK.own.has(plainWord(key)) || ALPHA.own.has(plainWord(key)),
  );
  return isNamed || isWitnessed(place) ? { ...place, ranks, alphas } : null;
}

const NO_WORDS: ReadonlySet<string> = new Set();
/** Flags beside which a rank is that of a process. */
const OF_PROCESSES: ReadonlySet<string> = new Set(['world_size', 'local_rank', 'node_rank', 'master_addr', 'dist_url']);

/**
 * Words for the rank on a command line, which holds everything at once: there an alpha is LoRA's only where it says so,
 * a `--dim` is the model's, and a `--rank` may be that of a process.
 */
function rankFlags(map: MapNode): typeof RANK {
  const isOfProcess = ownEntries(map).some(({ key }) => OF_PROCESSES.has(plainWord(key)));
  return { ...RANK, plain: isOfProcess ? NO_WORDS : new Set(['r', 'rank']) };
}

/** Names that speak of LoRA go before those that do not. */
function pick(entries: readonly Entry[], { own, plain }: Words): Entry[] {
  const named = entries.filter(({ key }) => own.has(plainWord(key)));
  return named.length > 0 ? named : entries.filter(({ key }) => plain.has(plainWord(key)));
}

function isWitnessed({ map, path }: Place): boolean {
  const words = map.entries.map(({ key }) => plainWord(key));
  if (words.some((word) => NOT_OURS.test(word))) return false;
  const saysLora = map.entries.some(({ key, value }) => KINDS.has(plainWord(key)) && isLoraWord(textOf(value)));
  return path.some(isLoraWord) || saysLora || words.some((word) => WITNESSES.has(word) || word.startsWith('lora_'));
}

/** PEFT's own word for the kind leaves nothing open: of all its types LORA alone has this scaling. */
const isOtherKind = (map: MapNode): boolean =>
  ownEntries(map).some(({ key, value }) => {
    const [word, kind] = [plainWord(key), textOf(value)];
    // The name of a run is no kind.
    if (word === 'name' && map.command) return false;
    if (word === 'peft_type' && kind !== '') return !/(?:^|\.)lora$/i.test(kind);
    return KINDS.has(word) && OTHER_KINDS.test(kind);
  });

/** A switch in the block, or one of its name beside it: `use_lora: false`, `lora: { enabled: false }`. */
function isOff({ map, path }: Place, places: readonly Place[]): boolean {
  const parent = places.find(
    (place) => place.path.length === path.length - 1 && place.path.every((step, i) => step === path[i]),
  );
  const beside = path.length > 0 && isLoraWord(path.at(-1) ?? '') ? (parent?.map.entries ?? []) : [];
  const switches = [
    ...ownEntries(map).filter(({ key }) => SWITCHES.has(plainWord(key))),
    ...beside.filter(({ key }) => /^(use_|enable_|with_|is_)(q?lora|peft)$/.test(plainWord(key))),
  ];
  const above = places.filter(
    ({ path: outer }) => outer.length <= path.length && outer.every((step, i) => step === path[i]),
  );
  const methods = above.flatMap((outer) => ownEntries(outer.map).filter(({ key }) => METHODS.has(plainWord(key))));
  if (ownEntries(map).some(({ key, value }) => OFF_SWITCHES.test(plainWord(key)) && isOn(value))) return true;
  const isFull = above.some((outer) => saysFull(outer, MODES));
  if (isFull || (methods.length === 0 && isFullBeside(path, places))) return true;
  return (
    switches.some(({ value }) => value.kind === 'scalar' && !isOn(value)) ||
    methods.some(({ value }) => value.kind === 'scalar' && !isLoraMethod(value))
  );
}

/** A section beside the block's own that trains all weights: `training: { training_type: full }`. */
function isFullBeside(path: readonly string[], places: readonly Place[]): boolean {
  if (!isLoraWord(path.at(-1) ?? '')) return false;
  const above = path.slice(0, -1);
  const beside = places.filter(
    ({ path: other }) => other.length === path.length && above.every((step, i) => step === other[i]),
  );
  const isSwitchedOff = ({ key, value }: Entry): boolean =>
    /^(use_|enable_)(q?lora|peft)$/.test(plainWord(key)) && value.kind === 'scalar' && value.value === false;
  return beside.some(
    (place) => place.map.entries.some(isSwitchedOff) || saysFull(place, METHODS) || saysFull(place, MODES),
  );
}

const saysFull = ({ map }: Place, words: ReadonlySet<string>): boolean =>
  ownEntries(map).some(({ key, value }) => words.has(plainWord(key)) && FULL.test(textOf(value)));

/** Nothing, no, or another method is chosen where this is false. */
function isLoraMethod({ value }: ScalarNode): boolean {
  return value === true || value === 1 || (typeof value === 'string' && isLoraWord(value));
}

function textOf(node: SyntaxNode): string {
  return node.kind === 'scalar' && typeof node.value === 'string' ? node.value : '';
}

function mayBeRank(node: SyntaxNode): boolean {
  const value = Number((node as ScalarNode).value);
  return Number.isNaN(value) || isRank(value);
}

function isPositive(node: SyntaxNode): boolean {
  const value = Number((node as ScalarNode).value);
  return Number.isNaN(value) || value > 0;
}

/** One block that an anchor repeats is the block where it is used; where it is only defined, nothing trains. */
function withoutCopies(blocks: readonly Block[]): Block[] {
  const placeOf = ({ alphas }: Block): number => alphas[0]?.value.range.start ?? -1;
  return blocks.filter((block) => {
    const same = blocks.filter((other) => placeOf(other) === placeOf(block));
    const used = same.filter(({ path }) => path.length > 1);
    return used.length === 0 ? block === same[0] : used.includes(block);
  });
}
