import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { numberIn } from '../../syntax/scalars';
import { callIn, isKeyless, mayBeNumber, nodeAt, type Entry, type MapNode, type SyntaxNode } from '../../syntax/tree';

/**
 * The known keys of a map, separated by white space; `vllm_*` stands for all that begin so. Where other settings are in the
 * same map, also a pattern: an unknown key counts only if its name matches.
 */
export type Known = string | readonly [keys: string, like: RegExp];

/** By the dotted path of the map; empty for the file's own top level. Any other key there is not understood. */
export type KnownKeys = Readonly<Record<string, Known>>;

/** Names of keys about LoRA, the optimizer, the schedule, clipping, or what is trained. `x_alpha: &a 16` only defines an anchor. */
const NEAR =
  /^(?!x[-_]|\.).*(?:lora|peft|adapter|optim|(?:^|_)lr(?:_|$)|learning_rate|adam|(?:^|_)beta|epsilon|(?:^|_)eps(?:_|$)|momentum|decay|clip|grad_norm|sched|warmup|(?:^|_)rank|alpha|freez|frozen|trainable|train_\w*(?:bias|emb|head|norm)|trainer_cls|lisa_n_layers|galore|muon|dion)/i;

/** The known keys of a map that also holds other settings: only names of LoRA or the optimizer count. */
export const near = (keys: string): Known => [keys, NEAR];

/**
 * Arguments of the classes of torch.optim, bitsandbytes and torchao that are numbers of a row, or have no unit.
 * @see torch 2.13, bitsandbytes 0.50, torchao (the signatures of their optimizers)
 */
export const OPTIMIZER_ARGUMENTS = `
  _component_ _target_ adam_w_mode adjust_lr_fn alpha amsgrad beta2_decay betas bf16_stochastic_round bias_correction
  block_size block_wise capturable centered clip_threshold d dampening decay_rate decoupled_weight_decay differentiable
  eps etas foreach fused initial_accumulator_value is_paged lambd lr lr_decay max_unorm maximize min_8bit_size
  minimal_size momentum momentum_decay nesterov ns_coefficients ns_steps offload_gradients optim_bits optimizer_class
  percentile_clipping relative_step rho scale_parameter step_sizes t0 t_alpha t_beta3 type warmup_init weight_decay `;

/** Switches that matter when they are false. */
const OFF_IS_MEANT = 'decoupled_weight_decay freeze_language_model freeze_vision_model freeze_vision_projection';

/** Keys of JSON Schema, which only editors read. */
const OF_EDITORS = '$schema $id $comment';

const parsed = new Map<string, { whole: ReadonlySet<string>; beginnings: readonly string[] }>();

/** Whether a name is among the words of a list. */
export function isAmong(list: string, name: string): boolean {
  let words = parsed.get(list);
  if (!words) {
    const all = list.split(/\s+/);
    const beginnings = all.filter((word) => word.endsWith('*')).map((word) => word.slice(0, -1));
    parsed.set(list, (words = { whole: new Set(all), beginnings }));
  }
  return words.whole.has(name) || words.beginnings.some((word) => name.startsWith(word));
}

/** A key with its value, as not understood. */
export function unread({ keyRange, value }: Entry, why: string, mayMove = mayBeNumber(value)): Unread {
  const range = { start: keyRange.start, end: Math.max(keyRange.end, value.range.end) };
  return { range, why, mayMove };
}

/** The keys that are on and not known; a number among them may have to change. */
export function unknownKeys(root: MapNode, blocks: KnownKeys): Unread[] {
  return Object.entries(blocks).flatMap(([at, known]) => {
    const [keys, like] = typeof known === 'string' ? [known] : known;
    const map = nodeAt(root, at === '' ? [] : at.split('.'));
    const isUnknown = (entry: Entry): boolean => {
      const { key, value, isSpread } = entry;
      if (isAmong(keys, key) || isAmong(OF_EDITORS, key) || isSpread || isKeyless(entry)) return false;
      return (like?.test(key) ?? true) && (!isOff(value) || isAmong(OFF_IS_MEANT, key));
    };
    return (map?.kind === 'map' ? map.entries.filter(isUnknown) : []).map((entry) => {
      const why = l10n.t`${entry.key} is an unknown key, so its effect on the run is unknown.`;
      return unread(entry, why, mayHoldNumber(entry.value));
    });
  });
}

/** Keys of no trainer's files: `extends = "base.toml"`, `_base_ = ["a.py"]`, `[variant]`, Hydra's `defaults: [base]`. */
const BASE = '(?:base|parent)(?:_?(?:config|file|yaml))?s?|(?:extends?|inherits?)(?:_from)?|includes?';
const MERGED = new RegExp(`^(?:_*(?:${BASE})_*=(?:scalar|list)|(?:variants?|overrides?)=map|defaults=list)$`, 'i');

/** What says that another file completes this one, which may have what is missing here. */
export function completedElsewhere(root: MapNode): Unread[] {
  const why = l10n.t('Another file seems to complete this one, so the defaults may not hold.');
  const merged = root.entries.filter(({ key, value }) => MERGED.test(`${key}=${value.kind}`) && !isOff(value));
  return merged.map((entry) => unread(entry, why, true));
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
