import { commandIn, type Entry, type MapNode, type SyntaxNode } from '../../syntax/tree';
import { ALPHA, fits, isLoraWord, plainWord, RANK, type Alias } from './aliases';

/** A map of the tree, with the way to it; a step into a list is its index. */
export interface MapInFile {
  map: MapNode;
  path: readonly string[];
}

/** An entry of the file, with the way to it. */
export interface NearbyEntry extends MapInFile {
  entry: Entry;
  /** The maps on the way down to it that are not around the block. */
  below: readonly string[];
}

/** A home-made config is small; a tree beyond these bounds is something else. */
const MAX_MAPS = 2000;
const MAX_DEPTH = 24;
/** How deep a setting may be below a map around the block: `optimizer.params.lr`. */
const MAX_BELOW = 2;

/** Every map of the tree, outer ones first; none where there are too many. */
export function mapsIn(root: MapNode): MapInFile[] {
  const places: MapInFile[] = [];
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

/** The entries of a map. Of a command: the program's flags without its launcher's, and of a repeated flag the last. */
export function ownEntries(map: MapNode): readonly Entry[] {
  if (!commandIn(map)) return map.entries;
  const last = new Map(map.entries.map((entry) => [entry.key, entry]));
  return map.entries.filter((entry) => last.get(entry.key) === entry);
}

/** Settings that are common beside a rank and alpha of LoRA, and rare elsewhere. */
const WITNESSES = /^(?:lora_.*|target_modules|use_rslora|use_dora|modules_to_save|init_lora_weights)$/;
/** Keys that name the kind of a block. */
const KINDS = /^(?:type|adapter|method|name|variant|kind|(?:peft|adapter|lora)_type|adapter_name)$/;
/** Keys of long-range radio, which is called LoRa too, and of things with another rank or alpha. */
const NOT_OURS =
  /^(?:spreading_factor|sf|bandwidth|coding_rate|frequency|dev_?eui|app_?key|gateway|tx_power|payload|sigma|num_classes|gamma|mixup_prob|p|prob|probability|n_components)$/;
/** Flags that make `--rank` the rank of a process. */
const OF_PROCESSES = /^(?:world_size|local_rank|node_rank|master_addr|dist_url)$/;

/** Whether it is the alpha of a second LoRA with the same learning rate: `text_lora_alpha`. */
const isOtherAlpha = (word: string): boolean =>
  word === 'network_alpha' || (word.endsWith('alpha') && isLoraWord(word) && !ALPHA.names.has(word));

/** Whether a map has a rank and an alpha that can only be LoRA's. */
export function isBlock({ map, path }: MapInFile): boolean {
  const [ranks, alphas] = [numbersIn(map, RANK), numbersIn(map, ALPHA)];
  if (ranks.length === 0 || !ranks.every(({ value }) => fits(RANK, value))) return false;
  if (alphas.length === 0 || !alphas.every(({ value }) => fits(ALPHA, value))) return false;
  if ([...ranks, ...alphas].some(({ key }) => isLoraWord(key))) return true;
  const isOther = map.entries.some(({ key }) => NOT_OURS.test(plainWord(key)));
  const saysSo = ({ key, value }: Entry): boolean =>
    WITNESSES.test(plainWord(key)) ||
    (KINDS.test(plainWord(key)) && value.kind === 'scalar' && isLoraWord(String(value.value)));
  return !isOther && (path.some(isLoraWord) || map.entries.some(saysSo));
}

/** Whether a block has one rank and one alpha, and none of a second LoRA. */
export function isClear({ map }: MapInFile): boolean {
  const isOne = [RANK, ALPHA].every((alias) => numbersIn(map, alias).length === 1);
  return isOne && !ownEntries(map).some(({ key }) => isOtherAlpha(plainWord(key)));
}

/** The numbers of a map that are called so: those whose names speak of LoRA, or else the others. */
function numbersIn(map: MapNode, alias: Alias): readonly Entry[] {
  const named = ownEntries(map).filter(
    ({ key, value }) => alias.names.has(plainWord(key)) && fits({ value: 'number' }, value),
  );
  const own = named.filter(({ key }) => isLoraWord(key));
  if (own.length > 0 || !commandIn(map)) return own.length > 0 ? own : named;
  // A command holds everything at once: its `--alpha` may be anybody's, its `--dim` the model's.
  const isOfProcess = map.entries.some(({ key }) => OF_PROCESSES.test(plainWord(key)));
  return isOfProcess ? [] : named.filter(({ key }) => /^(?:r|rank)$/i.test(key));
}

/** Blocks of other models, of data and of searches. */
const OTHER_MODEL =
  /(?:^|_)(?:discriminator|disc|critic|teacher|ref|reference|vae|value|reward|classifier|probe|data|dataset|eval|search|sweep|deepspeed|pretrain\w*)(?:_|$)/;
/** Blocks of the learning rate's schedule. */
const SCHEDULE = /(?:^|_)(?:lr_?sched\w*|scheduler|schedule|sched|warm_?up)(?:_|$)/;
const OPTIMIZER_BLOCK = /(?:^|_)optim(?:izer)?(?:_|$)/;
const TRAINING_BLOCK =
  /(?:^|_)(?:train(?:ing|er)?|hparams|hyper_?param(?:eter)?s|solver|finetun(?:e|ing)|sft|args)(?:_|$)/;

const isIn = (steps: readonly string[], block: RegExp): boolean => steps.some((step) => block.test(plainWord(step)));

/** Every entry of the file that can be about the same model as the block. */
export function entriesBeside(block: MapInFile, places: readonly MapInFile[]): NearbyEntry[] {
  return places.flatMap(({ map, path }): NearbyEntry[] => {
    const apart = path.findIndex((step, i) => step !== block.path[i]);
    const below = apart === -1 ? [] : path.slice(apart);
    if (isIn(below, OTHER_MODEL)) return [];
    return ownEntries(map).map((entry) => ({ entry, map, path: [...path, entry.key], below }));
  });
}

/** Whether it can be a setting of the block: not too deep, in no list, and in no block of a schedule. */
export const isSetting = (one: NearbyEntry): boolean =>
  one.below.length <= MAX_BELOW && !isOfSchedule(one) && !isIn(one.below, /^\d+$/);

/** Whether it is a floor or a peak in a block of the schedule. */
export const isOfSchedule = ({ below }: NearbyEntry): boolean => isIn(below, SCHEDULE);

/** The settings that could each be this field. */
export function matches(alias: Alias, block: MapInFile, settings: readonly NearbyEntry[]): readonly NearbyEntry[] {
  if (alias === RANK || alias === ALPHA) {
    return settings.filter((one) => isInBlock(block, one) && numbersIn(block.map, alias).includes(one.entry));
  }
  return settings.filter((one) => isNamed(alias, one) && (alias.stands === 'near' || isInBlock(block, one)));
}

/** Whether it is in the block itself, not in a copy from a YAML anchor. */
export const isInBlock = (block: MapInFile, { path, below }: NearbyEntry): boolean =>
  below.length === 0 && path.length === block.path.length + 1;

function isNamed(alias: Alias, { entry, path }: NearbyEntry): boolean {
  const word = plainWord(entry.key);
  const isOptimizers = isIn(path.slice(-2, -1), OPTIMIZER_BLOCK);
  return fits(alias, entry.value) && (alias.names.has(word) || (isOptimizers && alias.inOptimizer?.has(word) === true));
}

/** Whether a number is of the same factors as the rate: in its map, around it, or in a block of optimizer or training. */
export function isWithRate({ path }: NearbyEntry, rate: NearbyEntry): boolean {
  const own = path.slice(0, -1);
  return own.every((step, i) => step === rate.path[i]) || isIn(own, OPTIMIZER_BLOCK) || isIn(own, TRAINING_BLOCK);
}
