import { scalarAt, type Entry, type MapNode } from '../../syntax/tree';
import { argumentWords, flagWords, tupleNode } from '../../syntax/shell/arguments';
import { under } from '../../syntax/table';

/** What a LoRA_type trains, and which keys of the file the interface passes on for it. */
interface LoraType {
  module: string;
  passes: readonly string[];
}

const BLOCKS = ['block_dims', 'block_alphas', 'conv_block_dims', 'conv_block_alphas'];
const GGPO = ['ggpo_sigma', 'ggpo_beta'];
const CONV = ['conv_dim', 'conv_alpha'];
const KINDS = ['img_attn_dim', 'txt_attn_dim', 'img_mlp_dim', 'txt_mlp_dim', 'img_mod_dim', 'txt_mod_dim'];
const LOCON: LoraType = {
  module: 'lycoris.kohya',
  passes: [...CONV, 'dora_wd', 'use_scalar', 'train_norm', 'use_tucker'],
};

/** The types whose scaling is alpha/dim. @see https://github.com/bmaltais/kohya_ss (kohya_gui/lora_gui.py: train_model) */
const TYPES: Readonly<Record<string, LoraType>> = {
  Standard: { module: 'networks.lora', passes: BLOCKS },
  'Kohya LoCon': { module: 'networks.lora', passes: [...CONV, ...BLOCKS] },
  LoCon: LOCON,
  'LyCORIS/LoCon': LOCON,
  Flux1: { module: 'networks.lora_flux', passes: [...GGPO, ...KINDS, 'single_dim', 'single_mod_dim', 'in_dims'] },
  'HunyuanImage-2.1': { module: 'networks.lora_hunyuan_image', passes: [] },
  Anima: { module: 'networks.lora_anima', passes: [] },
  Lumina: { module: 'networks.lora_lumina', passes: [] },
};

const EVERY_PASSED = new Set(Object.values(TYPES).flatMap(({ passes }) => passes));

/** What the file's LoRA_type trains; undefined for types of another kind. */
export function loraTypeOf(root: MapNode): LoraType | undefined {
  return under(TYPES, String(scalarAt(root, ['LoRA_type'])));
}

/**
 * The interface's settings as sd-scripts gets them: without the keys that this LoRA_type does not pass on, with its
 * network module, with strings of arguments as maps and strings of lists as lists.
 */
export function asPassed(root: MapNode): MapNode {
  const type = loraTypeOf(root);
  return { ...root, entries: root.entries.flatMap((entry) => passed(entry, type, root)) };
}

function passed(entry: Entry, type: LoraType | undefined, root: MapNode): Entry[] {
  const { key, value } = entry;
  if (value.kind !== 'scalar') return [entry];
  if (key === 'LoRA_type') return [entry, ...moduleOf(entry, type, root)];
  if (key === 'optimizer_args' || key === 'lr_scheduler_args') return [{ ...entry, value: argumentWords(value) }];
  if (key === 'additional_parameters') return [{ ...entry, value: flagWords(value) }];
  if (GGPO.includes(key) && scalarAt(root, ['train_lora_ggpo']) !== true) return [];
  // A switch that is off is passed on for every type.
  if (EVERY_PASSED.has(key) && value.value !== false && type?.passes.includes(key) !== true) return [];
  const list = EVERY_PASSED.has(key) && value.quoted ? tupleNode(value.raw, value.inner.start, value.lock) : null;
  return [list ? { ...entry, value: list } : entry];
}

/** The entry of the network module, at the position of the type. */
function moduleOf(entry: Entry, type: LoraType | undefined, root: MapNode): Entry[] {
  if (!type || entry.value.kind !== 'scalar') return [];
  const isSd3 = type.module === 'networks.lora' && scalarAt(root, ['sd3_checkbox']) === true;
  const value = { ...entry.value, value: isSd3 ? 'networks.lora_sd3' : type.module };
  return [{ ...entry, key: 'network_module', home: undefined, value }];
}
