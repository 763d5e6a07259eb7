import { isRank } from '../../../recipe/recipe';
import type { ReadField } from '../../reading';
import { numberIn } from '../../syntax/scalars';
import { commandIn, type Entry, type MapNode, type SyntaxNode } from '../../syntax/tree';
import type { Key } from '../shared/fields';

/** What home-made configs call a field. */
export interface Alias {
  value: 'number' | 'scalar' | 'list';
  /** In the block of LoRA, or elsewhere too. `plan`: it may change with alpha, or decides how others change. */
  at: 'block' | 'file' | 'plan';
  /** As {@link plainWord} spells them; the most common one first. */
  names: readonly string[];
}

function alias(at: Alias['at'], names: string, value: Alias['value'] = 'number'): Alias {
  return { value, at, names: names.split(' ') };
}

const OPTIMIZERS =
  'optimizer optim opt optim_name optim_type opt_type optim_strategy optim_class optim_class_path optim__target_';
const CLIPS = 'max_grad_norm max_norm grad_clip grad_clip_val grad_clipping clip_grad clip_grad_norm grad_norm_clip';

/** Every field. Left out, because they name many things: `beta`, `epsilon`, `momentum`. */
export const ALIASES = {
  rank: alias('block', 'r rank lora_r lora_rank lora_dim'),
  alpha: alias('block', 'lora_alpha alpha'),
  learningRate: alias('plan', 'learning_rate lr lora_lr lora_learning_rate base_lr peak_lr peak_value'),
  optimizer: alias('plan', OPTIMIZERS, 'scalar'),
  weightDecay: alias('plan', 'weight_decay wd adam_weight_decay'),
  maxGradNorm: alias('plan', CLIPS),
  eps: alias('plan', 'adam_epsilon eps adam_eps'),
  betas: alias('file', 'betas adam_betas', 'list'),
  scheduler: alias('file', 'lr_scheduler_type lr_scheduler scheduler scheduler_type', 'scalar'),
  // In steps, or as a share of all steps.
  warmup: alias('file', 'warmup_ratio warmup_steps lr_warmup_steps num_warmup_steps'),
  dropout: alias('block', 'lora_dropout dropout'),
  targetModules: alias('block', 'target_modules lora_target_modules lora_targets', 'list'),
  useRslora: alias('block', 'use_rslora', 'scalar'),
  useDora: alias('block', 'use_dora', 'scalar'),
  loraplusLrRatio: alias('file', 'loraplus_lr_ratio'),
} satisfies Partial<Record<ReadField, Alias>>;

/** Learning rates of other parts of the model, floors and peaks: `unet_lr`, `eta_min`, `lr: {initial: 1e-4}`. */
export const FURTHER =
  /^(\w+_)?((lr|learning_rate)s?|(eta|lr)_(min|max|init\w*|end|final)|(init|end)_value)=(?!(0|null|none|false|true|)$)/;

/** `loraAlpha`, `lora-alpha` and `LORA_ALPHA` as `lora_alpha`; `optimizer_name` as `optim_name`. */
export function plainWord(key: string): string {
  const words = key.replaceAll('LoRA', 'Lora').replace(/[-\s.]+|(?<=[a-z0-9])(?=[A-Z])/g, '_');
  return words.toLowerCase().replace(/^(optim)izer_|^(grad)ient_/, '$1$2_');
}

/** Whether a key speaks of LoRA: `lora`, `qlora_config`, `peft`. */
const isLoraWord = (key: string): boolean => /(^|_)(q?lora|dora|rslora|peft)(_|$)/.test(plainWord(key));

/** A key of a file with its value: `enabled` of `lora: {enabled: false}`. */
export interface FileKey extends Key {
  entry: Entry;
  /** `enabled` and `lora_enabled`, as {@link plainWord} spells them. */
  word: string;
  named: string;
  /** `false`; of what has items only `list` or `map`. */
  text: string;
  /** Its number, or the number in a string. */
  number: number | undefined;
}

/** Settings of files that train no LoRA. */
const REFUSED: readonly RegExp[] = [
  // LoRA is switched off, all weights train, or nothing does; what the readers of LLaMA-Factory and torchtune leave.
  /^((use|is)_(peft_)?(lora|peft)|(\w+_)?(q?lora|peft|adapter)_(enabled?|use|active)|do_train)=(false|0|no|off|none)$/,
  /^(no_(lora|peft)|full_?fine_?tun(e|ing)|eval(uate|_only)?|inference)=true$|^(finetuning_type=(?!lora$)|_component_=)/,
  /^(method|(fine_?tun(e|ing)|train(ing)?|tun(er|ing))(_(type|mode|method))?)=full([-_ ]?(ft|fine|param).*)?$/,
  // Another adapter, or two.
  /^(lora|peft|adapter)(_(type|method))?=(?!(.*\$.*|list|map|true|1)$|(.*[^a-z])?(q?lora|dora|rslora|peft)([^a-z]|$))/,
  /^(ada_?lora|loha|lokr|vera|oft)_(r|rank|lora_\w+)=|^(network|lora_(unet|te|text_encoder))_alpha=/,
  // A use of a model, or what a run writes down of itself.
  /^mode=(test|eval|infer)|^log_history=|^((eval|train|val|best|final)_(loss|acc|accuracy)|trainable_param\w*)=[\d.]/,
];

export interface Block {
  path: readonly string[];
  alpha: FileKey;
  /** The learning rate, if the file has one. */
  rate: FileKey | null;
  settings: FileKey[];
}

/** The block of LoRA that a file trains; null for none, several, or an unclear one. */
export function blockOf(root: MapNode): Block | null {
  const places = mapsIn(root).map((place) => ({ path: place.path, own: settingsOf(place) }));
  const blocks = places.flatMap(({ path, own }) => {
    const called = (alias: Alias): FileKey[] => own.filter((one) => isCalled(alias, one));
    return called(ALIASES.rank).flatMap((rank) => called(ALIASES.alpha).map((alpha) => ({ path, own, rank, alpha })));
  });
  const [block] = blocks;
  if (!block || blocks.length > 1) return null;
  const { path, own, rank, alpha } = block;
  if (![...path, alpha.word].some(isLoraWord) || !isRank(rank.number ?? 0) || !(alpha.number ?? 0)) return null;
  const settings = places.flatMap((place) => place.own);
  const rates = settings.filter((one) => isCalled(ALIASES.learningRate, one));
  const isRate = ({ word, text }: FileKey): boolean => FURTHER.test(`${word}=${text}`);
  // A file may leave the learning rate to the code; a command without one only uses a model.
  const isTrained =
    rates.some(({ number }) => number) ||
    settings.some((one) => one.number && isRate(one)) ||
    (!commandIn(root) && own.some(({ word }) => /(^|_)(dropout|targets|target_modules)$/.test(word)));
  const texts = settings.flatMap(({ word, named, text }) => [`${word}=${text}`, `${named}=${text}`]);
  // In a file, LLaMA-Factory's own key; its older scripts have the flag.
  const isOther = !commandIn(root) && texts.includes('finetuning_type=lora');
  const isRefused = isOther || texts.some((text) => REFUSED.some((refused) => refused.test(text)));
  if (!isTrained || isRefused) return null;
  return { path, alpha, rate: rates.length === 1 ? (rates[0] ?? null) : null, settings };
}

/** The entries of a map; a label is `unet.targets[0].lora.rank`. */
function settingsOf({ map, path: above }: MapInFile): FileKey[] {
  return map.entries.map((entry) => {
    const { key, value } = entry;
    const items = value.kind === 'scalar' ? [] : value.kind === 'list' ? value.items : value.entries;
    const text = value.kind === 'scalar' ? String(value.value).toLowerCase() : items.length > 0 ? value.kind : '';
    const path = [...above, key];
    const label = path.join('.').replace(/\.(\d+)(?=\.|$)/g, '[$1]');
    // `dim` of `lora_cfg` is lora_dim.
    const named = plainWord(path.slice(-2).join('_')).replace(/_(cfg|config|conf|params)_/, '_');
    return { entry, path, label, word: plainWord(key), named, text, number: numberIn(text) };
  });
}

/** Whether a setting has a name and a value of the field; an unresolved value, such as `$LR`, may be one. */
export function isCalled({ names, value: kind }: Alias, { entry: { value }, word, named, number }: FileKey): boolean {
  if (!names.includes(word) && !names.includes(named)) return false;
  if (value.kind !== 'scalar') return value.kind === kind;
  if (value.value === null && value.unresolved === undefined) return false;
  return kind !== 'number' || number !== undefined || value.unresolved !== undefined;
}

/** A map of the tree, with the way to it; a step into a list is its index. */
interface MapInFile {
  map: MapNode;
  path: readonly string[];
}

function mapsIn(node: SyntaxNode, path: readonly string[] = []): MapInFile[] {
  if (node.kind === 'scalar') return [];
  if (node.kind === 'list') return node.items.flatMap((item, i) => mapsIn(item, [...path, String(i)]));
  return [{ map: node, path }, ...node.entries.flatMap(({ key, value }) => mapsIn(value, [...path, key]))];
}
