import * as l10n from '@vscode/l10n';
import { listed } from '../../syntax/listed';
import { commandIn, type Entry, type MapNode } from '../../syntax/tree';
import { unscaled } from '../shared/common-traps';
import { isFilled } from '../shared/filled';
import type { Key, Source } from '../shared/fields';
import type { Trap } from '../shared/trap';
import { unread } from '../shared/unknown-keys';
import type { Layout } from '../trainer';
import { ALIASES, fits, hasWord, LEARNING_RATE, numberOf, OPTIMIZER, plainWord, type Alias } from './aliases';
import { blocksIn, mapsIn, ownEntries, type LoraBlock, type MapInFile } from './block';
import { isRefused, settingText, TRAINS_MORE } from './refusals';

/** An entry of the file. */
interface NearbyEntry extends Key {
  entry: Entry;
  /** The maps on the way down to it that are not around the block. */
  below: readonly string[];
}

/** A field, and the keys that could each be it. */
interface Match {
  alias: Alias;
  found: readonly NearbyEntry[];
}

/** Blocks of other models, of data and of searches. */
const isOtherModel = hasWord(
  'discriminator|disc|critic|teacher|ref|reference|vae|value|reward|classifier|probe|data|dataset|eval|search|sweep|' +
    'deepspeed|pretrain\\w*',
);
/** Blocks of the learning rate's schedule, and items of lists. */
const isSchedule = hasWord('lr_?sched\\w*|scheduler|schedule|sched|warm_?up|\\d+');
const isOptimizer = hasWord('optim(izer)?');
/** Blocks whose numbers belong to the learning rate. */
const isTraining = hasWord('optim(izer)?|train(ing|er)?|hparams|hyper_?param(eter)?s?|solver|finetun(e|ing)|sft|args');
/** Names of learning rates, floors and peaks. */
const RATES = /(^|_)(lr|learning_rate)$|^eta_(min|max)$|^lr_(end|min|max|final)$/;

/** The one block of LoRA of a file; null where there is none, an unclear one, or several. */
export function blockOf(root: MapNode): LoraBlock | null {
  const places = mapsIn(root);
  // A home-made config is small; more maps are something else.
  const blocks = places.length > 2000 ? [] : blocksIn(places);
  // A block that a YAML anchor repeats is one, where it is used.
  const block = blocks.find((one) => one && one.path.length > 1) ?? blocks[0];
  const isOne = blocks.every((one) => one?.alpha.value.range.start === block?.alpha.value.range.start);
  const isRate = ({ key, value }: Entry): boolean => LEARNING_RATE.names.has(plainWord(key)) && !!numberOf(value);
  // A command without a learning rate only uses a model.
  const mayTrain = !commandIn(root) || ownEntries(root).some(isRate);
  return block && isOne && mayTrain && !isRefused(block, places) ? block : null;
}

/** What the keys of one file were taken for: the parts of a layout that are this file's own. */
export function guessOf(root: MapNode): Partial<Layout> {
  const block = blockOf(root);
  if (!block) return {};
  const beside = entriesBeside(root, block);
  // `optimizer.params.lr` may be near the block; what is deeper is something else.
  const near = beside.filter(({ below }) => below.length <= 2 && !below.some(isSchedule));
  const inBlock = near.filter(({ path, below }) => below.length === 0 && path.length === block.path.length + 1);
  const all = ALIASES.map((alias): Match => {
    const own = alias.field === 'rank' || alias.field === 'alpha' ? block[alias.field] : null;
    const among = alias.at === 'block' ? inBlock : near;
    return { alias, found: among.filter((one) => (own ? one.entry === own : isNamed(alias, one))) };
  });
  const rates = all.find(({ alias }) => alias === LEARNING_RATE)?.found ?? [];
  // A warm-up may be steps or a share. A number in another block than the learning rate may belong to other factors.
  const isUnsure = ({ alias, found }: Match): boolean =>
    (found.length > 1 && alias.field !== 'warmup' && !isWhole(found)) ||
    (alias.at === 'moves' && found.some((one) => rates.some((rate) => !isWithRate(one, rate))));
  const taken = all.filter((one) => isWhole(one.found) && !isUnsure(one));
  const absent = all.filter(({ found }) => found.length === 0);
  const guess = messageOf(root, taken, absent);
  const further = beside.filter(
    ({ entry }) =>
      RATES.test(plainWord(entry.key)) && !!numberOf(entry.value) && !rates.some((one) => one.entry === entry),
  );
  const isOfRun = further.some(({ entry }) => LEARNING_RATE.names.has(plainWord(entry.key)));
  return {
    fields: Object.fromEntries(taken.map(({ alias, found }) => [alias.field, sourceOf(found)])),
    guess,
    notUnderstood: () =>
      near
        .filter(({ entry }) => TRAINS_MORE.some((more) => more.test(settingText(entry))))
        .map(({ entry }) => unread(entry, l10n.t('This may train more than A and B, or start from trained factors.'))),
    inScript: Object.fromEntries(
      absent.flatMap(({ alias: { field, at, names } }) => (at === 'moves' ? [[field, [...names][0]]] : [])),
    ),
    traps: [
      { code: 'guessed', severity: 'info', message: guess, applies: () => true, at: keyOf(block, block.alpha) },
      ...all.filter(isUnsure).flatMap(({ alias, found }) => unsure(found, alias.title, isDecisive(alias))),
      ...(rates.length > 0 ? unsure(further, LEARNING_RATE.title, isOfRun) : []),
      // Whole modules that are trained too.
      ...inBlock
        .filter(({ entry }) => /^(?:lora_)?modules_to_save$/.test(plainWord(entry.key)))
        .map((at) => ({ ...unscaled(at.label), applies: (tree: MapNode) => isFilled(tree, at), at })),
    ],
  };
}

/** Every entry of the file that can be about the same model as the block. */
function entriesBeside(root: MapNode, block: LoraBlock): NearbyEntry[] {
  return mapsIn(root).flatMap((place) => {
    const apart = place.path.findIndex((step, i) => step !== block.path[i]);
    const below = apart === -1 ? [] : place.path.slice(apart);
    return below.some(isOtherModel)
      ? []
      : ownEntries(place.map).map((entry) => ({ entry, below, ...keyOf(place, entry) }));
  });
}

/** Whether the key has a name of the field; `optimizer: {name: AdamW}` counts as `optimizer_name`. */
function isNamed({ names, value: kind }: Alias, { entry: { key, value }, path }: NearbyEntry): boolean {
  const word = plainWord(key);
  const isArgument = path.slice(-2, -1).some(isOptimizer) && names.has(`optimizer_${word}`);
  return fits(kind, value) && (names.has(word) || isArgument);
}

/** Whether a number is of the same factors as the rate: in its map, around it, or in a block of the training. */
function isWithRate({ path }: NearbyEntry, rate: NearbyEntry): boolean {
  const own = path.slice(0, -1);
  return own.every((step, i) => step === rate.path[i]) || own.some(isTraining);
}

/** Whether it is one key, or `beta1` and `beta2` in this order; one of these alone is nothing. */
function isWhole(found: readonly NearbyEntry[]): boolean {
  const words = found.map(({ entry }) => plainWord(entry.key).replace(/^adam_|_/g, '')).join();
  return words === 'beta1,beta2' || (found.length === 1 && !/^beta[12]$/.test(words));
}

const sourceOf = (keys: readonly NearbyEntry[]): Source => ({
  keys,
  ...(keys.length > 1 ? { default: { value: [0.9, 0.999], why: l10n.t('The usual betas.') } } : {}),
});

/** Says which key was read as which field, where the keys are, and which fields were not found. */
function messageOf(root: MapNode, taken: readonly Match[], absent: readonly Match[]): string {
  const what = taken.map(({ alias, found }) => l10n.t`${labelsOf(found)} for ${alias.title}`).join(', ');
  const titles = absent
    .filter(({ alias }) => isDecisive(alias))
    .map(({ alias }) => alias.title)
    .join(', ');
  return [
    commandIn(root)
      ? l10n.t`No known trainer has this command, so LoRA Alpha guesses the flags by their names: ${what}.`
      : l10n.t`No known trainer reads this file, so LoRA Alpha guesses the keys by their names: ${what}.`,
    ...(titles ? [l10n.t`Not found: ${titles}. If your code sets them, change them there as the plan says.`] : []),
    l10n.t('Check this before you write.'),
  ].join(' ');
}

/** Whether a field changes with alpha, or decides how others change. */
const isDecisive = (alias: Alias): boolean => alias.at === 'moves' || alias === OPTIMIZER;

/** @param blocksEdits whether one of the keys may have to move: then half a plan must not be written */
function unsure(found: readonly NearbyEntry[], title: string, blocksEdits: boolean): Trap[] {
  const message = l10n.t`${labelsOf(found)} may be ${title} of these factors or of others. LoRA Alpha neither reads nor writes an unclear key: make clear which one is meant, or change the number yourself.`;
  const trap = { code: 'guess-unsure', severity: 'warning', message, limits: 'approximate', blocksEdits } as const;
  return found.slice(0, 1).map((at) => ({ ...trap, at, applies: () => true }));
}

const labelsOf = (found: readonly NearbyEntry[]): string => listed([...new Set(found.map(({ label }) => label))]);

/** `unet.targets[0].lora.rank`. */
function keyOf(place: MapInFile, { key }: Entry): Key {
  const path = [...place.path, key];
  return { path, label: path.join('.').replace(/\.(\d+)(?=\.|$)/g, '[$1]') };
}
