import * as l10n from '@vscode/l10n';
import type { FindingCode } from '../../findings/explained/all';
import { listed } from '../../syntax/listed';
import { commandIn, type MapNode } from '../../syntax/tree';
import { isFilled, unscaled } from '../peft/traps';
import type { Key, Source } from '../shared/fields';
import type { Trap } from '../shared/trap';
import { unread } from '../shared/unknown-keys';
import type { Layout } from '../trainer';
import { ALIASES, ALPHA, fits, isZero, LEARNING_RATE, OPTIMIZER, plainWord, settingText, type Alias } from './aliases';
import {
  entriesBeside,
  isBlock,
  isClear,
  isInBlock,
  isOfSchedule,
  isSetting,
  isWithRate,
  mapsIn,
  matches,
  type NearbyEntry,
  type MapInFile,
} from './match';
import { doesTrain, isRefused } from './refusals';

/** Settings that may train more than A and B, or start from trained factors. */
const TRAINS_MORE =
  /^(?:(?:lora_)?bias(?:_type)?|(?:\w+_)?(?:unfreeze|unfrozen)(?:_\w+)?|train(?:able)?_(?:embed|lm_head|head|norm|layer_?norm|bias|token)\w*|(?:auto_)?resume(?:_from\w*)?|(?:pretrained|initial)_(?:lora|adapter)\w*|lora_(?:weights|checkpoint|ckpt)(?:_path)?|(?:load|continue)_(?:from_)?(?:lora|adapter)\w*|adapter_name_or_path)=(?!(?:null|none|never|false|no|off|0)?$)|task_type=.*(?:_cls|classification|question_ans)/;
/** Names of learning rates, floors and peaks. */
const RATES = /(?:^|_)(?:lr|learning_rate)$|^eta_(?:min|max)$|^lr_(?:end|min|max|final)$/;

/** The one block of LoRA of a file; null where there is none, an unclear one, or several of which each may be a run. */
export function blockOf(root: MapNode): MapInFile | null {
  if (commandIn(root) && !doesTrain(root)) return null;
  const places = mapsIn(root);
  const blocks = places.filter((place) => isBlock(place) && !isRefused(place, places));
  if (!blocks.every(isClear)) return null;
  // A block that a YAML anchor repeats is one, where it is used.
  const alphas = blocks.map(
    (block) => matches(ALPHA, block, entriesBeside(block, [block]))[0]?.entry.value.range.start,
  );
  return new Set(alphas).size === 1 ? (blocks.find(({ path }) => path.length > 1) ?? blocks[0] ?? null) : null;
}

/** A field, and the keys that could each be it. */
interface Match {
  alias: Alias;
  found: readonly NearbyEntry[];
}

/** What the keys of one file were taken for: the parts of a layout that are this file's own. */
export function guessOf(root: MapNode): Partial<Layout> {
  const block = blockOf(root);
  if (!block) return {};
  const beside = entriesBeside(block, mapsIn(root));
  const settings = beside.filter(isSetting);
  const all = ALIASES.map((alias): Match => ({ alias, found: matches(alias, block, settings) }));
  const rates = all.find(({ alias }) => alias === LEARNING_RATE)?.found ?? [];
  // A number in another block than the learning rate may belong to other factors. A warm-up may be steps or a share.
  const isUnsure = ({ alias, found }: Match): boolean =>
    (found.length > 1 && alias.field !== 'warmup') ||
    (alias.moves === true && !found.every((one) => rates.every((rate) => isWithRate(one, rate))));
  const sure = all.filter((one) => one.found.length === 1 && !isUnsure(one));
  const taken = sure.filter(
    ({ alias: { pairedWith } }) => !pairedWith || sure.some(({ alias }) => alias.field === pairedWith),
  );
  const absent = all.filter(({ found }) => found.length === 0);
  const guess = messageOf(root, block, taken, absent);
  const [alpha] = matches(ALPHA, block, settings);
  const inBlock = settings.filter((one) => isInBlock(block, one));
  return {
    fields: fieldsOf(taken),
    guess,
    notUnderstood: () =>
      settings
        .filter(({ entry }) => TRAINS_MORE.test(settingText(entry.key, entry.value)))
        .map(({ entry }) => unread(entry, l10n.t('This may train more than A and B, or start from trained factors.'))),
    inScript: Object.fromEntries(
      absent.flatMap(({ alias: { field, moves, names } }) => (moves ? [[field, [...names][0]]] : [])),
    ),
    traps: [
      {
        code: 'guessed',
        severity: 'info',
        message: guess,
        applies: () => true,
        ...(alpha ? { at: keyOf(alpha) } : {}),
      },
      ...all.filter(isUnsure).flatMap(unsure),
      ...(rates.length > 0 ? otherRates(beside, rates) : []),
      ...wholeModules(inBlock),
    ],
  };
}

function fieldsOf(taken: readonly Match[]): Layout['fields'] {
  const { beta1, beta2, ...fields }: Record<string, Source> = Object.fromEntries(
    taken.map(({ alias, found }) => [alias.field, { keys: found.map(keyOf) }]),
  );
  if (!beta1 || !beta2) return fields;
  const keys = [...beta1.keys, ...beta2.keys];
  return { ...fields, betas: { keys, default: { value: [0.9, 0.999], why: l10n.t('The usual betas.') } } };
}

/** Says which key was read as which field, where the keys are, and which fields were not found. */
function messageOf(root: MapNode, block: MapInFile, taken: readonly Match[], absent: readonly Match[]): string {
  const what = taken.map(({ alias, found }) => l10n.t`${labelsOf(found)} for ${alias.title}`).join(', ');
  const wanted = absent.filter(({ alias }) => alias.moves || alias === OPTIMIZER);
  const titles = wanted.map(({ alias }) => alias.title).join(', ');
  return [
    commandIn(root)
      ? l10n.t`No known trainer has this command, so LoRA Alpha guesses the flags by their names: ${what}.`
      : l10n.t`No known trainer reads this file, so LoRA Alpha guesses the keys by their names: ${what}.`,
    ...(block.path.length > 0 ? [l10n.t`They are under ${keyOf(block).label}, or near it.`] : []),
    ...(titles ? [l10n.t`Not found: ${titles}. If your code sets them, change them there as the plan says.`] : []),
    l10n.t('Check this before you write.'),
  ].join(' ');
}

/** A field that is not read. If it changes with alpha, or decides how others change, nothing is written. */
function unsure({ alias, found }: Match): Trap[] {
  const labels = labelsOf(found);
  const why =
    found.length > 1
      ? l10n.t`${labels} could each be ${alias.title}, so none was read.`
      : l10n.t`${labels} is in another block than the learning rate, so it was not read as ${alias.title}.`;
  const blocks = alias.moves === true || alias === OPTIMIZER;
  const half = l10n.t(
    'LoRA Alpha does not write half a plan: make clear which key is meant, or change all numbers yourself.',
  );
  return warning('guess-unsure', found, blocks ? `${why} ${half}` : why, blocks);
}

/** Learning rates near the one that was read: of other parts of the model, of the schedule, or of other runs. */
function otherRates(beside: readonly NearbyEntry[], rates: readonly NearbyEntry[]): Trap[] {
  const found = beside.filter(
    ({ entry }) =>
      RATES.test(plainWord(entry.key)) &&
      fits(LEARNING_RATE, entry.value) &&
      !isZero(entry.value) &&
      !rates.some((rate) => rate.entry === entry),
  );
  const isOfRun = found.some((one) => LEARNING_RATE.names.has(plainWord(one.entry.key)) && !isOfSchedule(one));
  const message = l10n.t`${labelsOf(found)}: further learning rates, which LoRA Alpha does not rewrite. If they belong to the same factors, or limit the schedule, multiply them by the same factor as the learning rate.`;
  const half = l10n.t('LoRA Alpha does not write half a plan.');
  return warning('guess-other-rates', found, isOfRun ? `${message} ${half}` : message, isOfRun).map((trap) => ({
    ...trap,
    limits: 'approximate',
  }));
}

/** Modules that train whole, besides the factors. */
function wholeModules(inBlock: readonly NearbyEntry[]): Trap[] {
  const found = inBlock.filter(({ entry }) => /^(?:lora_)?modules_to_save$/.test(plainWord(entry.key))).map(keyOf);
  return found.map((at) => ({ ...unscaled(at.label), applies: (root) => isFilled(root, at), at }));
}

/** @param blocksEdits whether one of the keys may have to move: then half a plan must not be written */
function warning(code: FindingCode, found: readonly NearbyEntry[], message: string, blocksEdits = false): Trap[] {
  const [first] = found.map(keyOf);
  if (!first) return [];
  return [
    {
      code,
      severity: 'warning',
      message,
      applies: () => true,
      at: first,
      ...(blocksEdits ? { limits: 'approximate', blocksEdits } : {}),
    },
  ];
}

const labelsOf = (found: readonly NearbyEntry[]): string => listed([...new Set(found.map((one) => keyOf(one).label))]);

/** `unet.targets[0].lora.rank`. */
function keyOf({ path }: Pick<MapInFile, 'path'>): Key {
  return { path, label: path.join('.').replace(/\.(\d+)(?=\.|$)/g, '[$1]') };
}
