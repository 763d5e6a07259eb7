import * as l10n from '@vscode/l10n';
import { closest, meantOf } from '../../recipe/closest';
import type { Document } from '../documents/document';
import type { Unread } from '../reading';
import { forLast } from '../syntax/for-last';
import { numberIn } from '../syntax/scalars';
import { callIn, isKeyless, mayBeNumber, nodeAt, type Entry, type MapNode, type SyntaxNode } from '../syntax/tree';
import { isAmong, isElsewhere, NEAR, unread } from '../trainers/shared/known';
import type { Layout } from '../trainers/trainer';

/** By the dotted path of each map that is checked: the keys that the layout's fields and rows name. */
type Named = ReadonlyMap<string, ReadonlySet<string>>;

const namedBy = new WeakMap<Layout, Named>();

function namedIn(layout: Layout): Named {
  const before = namedBy.get(layout);
  if (before) return before;
  const { fields, known = {}, traps, float16, peft, schedule, argumentsAt } = layout;
  const moving = Object.values(fields).flatMap(({ keys, write }) => [...keys, ...(write ? [write] : [])]);
  const others = [
    ...Object.values(layout.linked ?? {}).flat(),
    ...[float16, ...traps].flatMap((trap) => (typeof trap?.at === 'object' ? [trap.at] : [])),
    ...(peft ? [...Object.values(peft.fields), ...(peft.models ?? []), peft.seed, peft.batch] : []),
    ...(layout.targetSwitches ?? []).map(({ key }) => key),
    ...[argumentsAt, schedule?.at].flatMap((at) => (at ? [{ path: at.split('.') }] : [])),
  ];
  const above = moving.flatMap(({ path }) => path.map((_, i) => path.slice(0, i).join('.')));
  // The arguments of optimizer and schedule are checked by what these are.
  const checked = [...above, ...Object.keys(known)].filter(
    (at) => at === '' || ![argumentsAt, schedule?.at].includes(at),
  );
  const maps = new Map(checked.map((at) => [at, new Set<string>()]));
  for (const { path } of [...moving, ...others])
    path.forEach((name, i) => maps.get(path.slice(0, i).join('.'))?.add(name));
  namedBy.set(layout, maps);
  return maps;
}

/** `x_alpha: &a 16` only defines an anchor. */
const ANCHOR = /^(?:x[-_]|\.)/;

/**
 * Whether it is known what a key does: a field or a rate is read there, a row says what it trains, or it changes nothing of
 * the factors.
 */
export function isClassified(layout: Layout, at: string, key: string): boolean {
  const named = namedIn(layout).get(at);
  if (named?.has(key) === true || (at === '' && ANCHOR.test(key))) return true;
  const known = layout.known?.[at] ?? '';
  // `max_gradnorm` is none of `max_*`.
  const isTypo = (): boolean => !isAmong(known.replaceAll('*', ''), key) && closest(key, named ?? [], 1) !== null;
  return (isAmong(known, key) && !isTypo()) || isElsewhere(key);
}

/** Switches that matter when they are false. */
const OFF_IS_MEANT = 'decouple decoupled_weight_decay freeze_language_model freeze_vision_*';

/** Whether a key at a file's own top level, or one in its map, speaks of LoRA, the optimizer or noise on the factors. */
const isNear = ({ key, value }: Entry): boolean =>
  NEAR.test(key) || /sigma/.test(key) || (value.kind === 'map' && value.entries.some(isNear));

type IsKnown = (key: string) => boolean;

/** The keys of a map that are on and not classified; a number among them may have to change. */
export function unknownIn(root: MapNode, at: string, isKnown: IsKnown, names: Iterable<string> = []): Unread[] {
  const map = nodeAt(root, at === '' ? [] : at.split('.'));
  const isUnknown = (entry: Entry): boolean => {
    const { key, value, isSpread } = entry;
    if (isSpread || isKeyless(entry) || isKnown(key)) return false;
    return !isOff(value) || isAmong(OFF_IS_MEANT, key);
  };
  return (map?.kind === 'map' ? map.entries.filter(isUnknown) : []).map((entry, i) => {
    const why = l10n.t`${entry.key} is an unknown key, so its effect on the run is unknown.`;
    const meant = i < 20 ? meantOf(entry.key, names) : '';
    return unread(entry, why + meant, (at !== '' || isNear(entry)) && mayHoldNumber(entry.value));
  });
}

/** The unknown keys of every map that a layout's values stand in. Layouts without lists say themselves what is unread. */
export function unknownKeys(root: MapNode, layout: Layout): Unread[] {
  if (!layout.known) return [];
  const unknown = ([at, names]: [string, ReadonlySet<string>]): Unread[] =>
    unknownIn(root, at, (key) => isClassified(layout, at, key), names);
  return [...namedIn(layout)].flatMap(unknown);
}

/** Keys of no trainer's files: `extends = "base.toml"`, `_base_ = ["a.py"]`, litgpt's `config`, `[variant]`, Hydra's `defaults: [base]`. */
const BASE = '(?:base|parent)(?:_?(?:config|file|yaml))?s?|(?:extends?|inherits?)(?:_from)?|includes?|config';
const MERGED = new RegExp(`^(?:_*(?:${BASE})_*=(?:scalar|list)|(?:variants?|overrides?)=map|defaults=list)$`, 'i');

/** What says that another file completes this one, which may have what is missing here. */
export function completedElsewhere(root: MapNode, { known = {} }: Layout): Unread[] {
  const why = l10n.t('Another file seems to complete this one, so the defaults may not hold.');
  const merged = root.entries.filter(
    ({ key, value }) => MERGED.test(`${key}=${value.kind}`) && !isOff(value) && !isAmong(known[''] ?? '', key),
  );
  return merged.map((entry) => unread(entry, why, true));
}

/**
 * What makes accelerate or LLaMA-Factory train otherwise from outside of a run's own settings: environment variables, set in
 * any syntax, and accelerate's default file in float16. Comments are left out.
 * @see https://github.com/huggingface/accelerate (src/accelerate/state.py, commands/config/default.py, v1.15.0)
 * @see https://github.com/hiyouga/LLaMA-Factory (src/llamafactory/cli.py, extras/packages.py, 0.9.5)
 */
const SWITCHED =
  /^[^#\n]*?\b((?:ACCELERATE_(?:MIXED_PRECISION|USE_(?!CPU)\w+|DEEPSPEED_\w+)|USE_MCA|USE_V1)["'\]\\]*(?:\s*[:=,]\s*|(?<=env \w+) +)[\\"']*(?!(?:no|bf16|false|0)\b)[\w$]+["']?|write_basic_config\([^)\n]*fp16)/gm;

const switchedIn = forLast(1, (file: string) => [...file.matchAll(SWITCHED)]);

/** {@link SWITCHED}, anywhere in the file of a document. */
export function switchedOutside({ file, place }: Document): Unread[] {
  const why = l10n.t`This can turn on float16 with a loss scale, DeepSpeed, FSDP or Megatron for the training.`;
  return switchedIn(file).map(({ index, 0: line, 1: shown = '' }) => {
    const end = place ? 0 : index + line.length;
    return { range: { start: place ? 0 : end - shown.length, end }, why, shown };
  });
}

/** Null, false, empty, or in the config file of a command, which has its own finding. */
function isOff(node: SyntaxNode): boolean {
  if (node.kind === 'list') return node.items.length === 0;
  if (node.kind === 'map') return callIn(node) === null && node.entries.length === 0;
  if (node.lock?.code === 'config-file') return true;
  return node.unresolved === undefined && /^(?:|null|none|false)$/i.test(String(node.value ?? ''));
}

/** {@link mayBeNumber}, for numbers in strings and in lists such as `["conv_alpha=1"]` or "4,4,8" too. A zero stays zero. */
function mayHoldNumber(node: SyntaxNode): boolean {
  if (node.kind === 'map') return mayBeNumber(node);
  if (node.kind === 'list') {
    return node.items.some((item) => mayHoldNumber(item) || (item.kind === 'scalar' && /=/.test(item.raw)));
  }
  const text = String(node.value);
  return node.unresolved !== undefined || !!numberIn(text) || /\d,\s*\d/.test(text);
}
