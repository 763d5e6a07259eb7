import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { nodeAt, scalarAt, type MapNode, type Scalar } from '../../syntax/tree';
import { field, key, valueAt, zeroIsRank } from '../shared/fields';
import type { AdapterSources, DefaultOf, Key, Source } from '../shared/fields';
import { isAmong, type KnownKeys } from '../shared/known';

/** The default of alpha, also for an alpha of 0. */
export const defaultAlpha =
  (label: string): DefaultOf =>
  ({ root, rank }) =>
    valueAt(root, label) !== undefined && rank !== null
      ? { value: rank, why: l10n.t`${label} is 0, which means the rank.` }
      : { value: 1 };

export const isLycoris = (root: MapNode): boolean => scalarAt(root, ['network_module']) === 'lycoris.kohya';

/**
 * LyCORIS takes every word but `false` for yes, also `0` and `no`.
 * @see https://github.com/KohakuBlueleaf/LyCORIS (lycoris/utils/__init__.py: str_bool, f49d30d6)
 */
export const lycorisSwitch = (value: Exclude<Scalar, null>): boolean => String(value).toLowerCase() !== 'false';

/** Whether the dotted path has a value. */
export function stands(root: MapNode, label: string): boolean {
  const node = nodeAt(root, label.split('.'));
  if (node?.kind !== 'scalar') return node !== null;
  return node.unresolved !== undefined || (node.value !== null && node.value !== '');
}

/** A run that trains no U-Net or transformer. */
export const TEXT_ENCODER = { not: l10n.t('This trains the text encoder alone, which LoRA Alpha does not read.') };

/**
 * Convolutions, which default to the network's rank and alpha in LyCORIS (lycoris/kohya.py), and to alpha 1 in sd-scripts.
 * Ranks of blocks, kinds of layers and regexes are not read, and so not understood. A rank of 0 leaves its layers out.
 * @param at the path of the arguments; empty for the top level
 * @see https://github.com/kohya-ss/sd-scripts (networks/lora.py)
 */
export function convNetwork(root: MapNode, at: string, own: Omit<AdapterSources, 'name'>): readonly AdapterSources[] {
  const ofConv = (name: string): Key => key(at === '' ? name : `${at}.${name}`, zeroIsRank);
  const [dim, alpha] = [ofConv('conv_dim'), ofConv('conv_alpha')];
  const isTrained = ({ path }: Key): boolean => Number(scalarAt(root, path) || 0) !== 0;
  const isZero = ({ path }: Key): boolean => scalarAt(root, path) !== '' && Number(scalarAt(root, path)) === 0;
  const after = (first: Key, source: Source): Source => ({ ...source, keys: [first, ...source.keys] });
  if (!isLycoris(root)) {
    return isTrained(dim) ? [{ name: 'conv', rank: field(dim), alpha: field(alpha, defaultAlpha(alpha.label)) }] : [];
  }
  if (isZero(dim) || !(isTrained(dim) || isTrained(alpha) || isZero(alpha))) return [];
  // LyCORIS replaces an alpha of 0 by the rank of its module: conv_dim in convolutions (lycoris/modules/locon.py).
  const zero = [alpha, ...own.alpha.keys.slice(0, 1)].find(isZero);
  const scaled = zero ? field(alpha, defaultAlpha(zero.label)) : after(alpha, own.alpha);
  return [{ name: 'conv', rank: after(dim, own.rank), alpha: scaled }];
}

/** Of network_args, and of the interface at its top. */
const SHARED = 'conv_dim conv_alpha rank_dropout module_dropout';
const BLOCK_RATES = 'down_lr_weight mid_lr_weight up_lr_weight block_lr_zero_threshold';

/**
 * What the modules of sd-scripts and LyCORIS take from network_args; musubi-tuner's take some of them.
 * @see https://github.com/kohya-ss/sd-scripts (networks/lora.py, lora_flux.py, lora_sd3.py …: create_network, 48d368fa)
 * @see https://github.com/kohya-ss/musubi-tuner (src/musubi_tuner/networks/lora.py, 30c658c)
 * @see https://github.com/KohakuBlueleaf/LyCORIS (lycoris/kohya.py: create_network, f49d30d6)
 */
const NETWORK_ARGS = `${SHARED} ${BLOCK_RATES} dropout exclude_patterns verbose train_blocks train_block_indices
  train_double_block_indices train_single_block_indices split_qkv train_t5xxl train_llm_adapter algo preset
  wd_on_output bypass_mode rank_dropout_scale`;

const TOP_NAMES = `adaptive_noise_scale ae alpha_mask apply_* clip_g* clip_l* color_aug cpu_offload_checkpointing
  disable_mmap_load_safetensors enable_scaled_pos_embed epoch fp8_* gemma2 highvram lowram lowvram lr_decay_steps
  lr_restart_cycles lr_scheduler_min_lr_ratio lr_scheduler_num_cycles lr_scheduler_power lr_scheduler_timescale
  mem_eff_save model_train_type network_module network_train_text_encoder_only network_train_unet_only no_half_vae
  no_metadata pos_emb_random_crop_rate qwen3 resume_from_huggingface save_clip save_precision save_state_on_train_end
  scale_v_pred_loss_like_noise_pred skip_* split_mode t5xxl_dtype text_encoder training_comment use_lion_optimizer
  use_safetensors v2 v_parameterization weighted_captions zero_terminal_snr`;

/** musubi-tuner's own: paths of models, attention and memory (training/parser_common.py, *_train_network.py). */
const MUSUBI_NAMES = `clip cuda_* dit* f1 flash3 force_v2_1_time_embedding gradient_checkpointing_cpu_offload i2v_mode
    image_encoder img_in_txt_in_offloading initial_sigma one_frame preserve_distribution_shape show_timesteps task
    text_encoder1 text_encoder2 text_encoder_* turbo_dit unconditional_dit use_pinned_memory_for_block_swap vae_dtype
    warn_on_caption_issues`;

export const KOHYA_KEYS: KnownKeys = { '': TOP_NAMES, network_args: NETWORK_ARGS };
export const MUSUBI_KEYS: KnownKeys = { ...KOHYA_KEYS, '': `${TOP_NAMES} ${MUSUBI_NAMES}` };

/** @see https://github.com/bmaltais/kohya_ss (kohya_gui/lora_gui.py: save_configuration, 45088f04) */
export const GUI_KEYS: KnownKeys = {
  '': `${TOP_NAMES} ${SHARED} ${BLOCK_RATES} LoRA_type LyCORIS_preset anima_* decompose_both double_blocks_to_swap
     factor flux1_* hunyuan_* lumina_* multi_gpu rank_dropout_scale rescaled rs_lora sd3_* sdxl* show_timesteps
     single_blocks_to_swap split_qkv stop_text_encoder_training* train_blocks train_double_block_indices
     train_inpainting train_on_input train_single_block_indices train_t5xxl constrain bypass_mode unit`,
  additional_parameters: TOP_NAMES,
};

/** Modules of sd-scripts and musubi-tuner, besides LyCORIS. */
const MODULES =
  /^networks\.lora(?:_(?:flux|sd3|lumina|hunyuan_image|anima|wan|framepack|flux_2|qwen_image|zimage|hv_1_5|ideogram4|kandinsky|krea2|hidream_o1))?$/;

/** Presets that say which layers get LoRA, and nothing else (lycoris/config.py). */
const PRESETS = 'full full-lin attn-mlp attn-only unet-only unet-transformer-only unet-convblock-only ia3';

/** What of a kohya config can reach the LoRA parameters and is not understood. */
export function unreadOfKohya(root: MapNode): Unread[] {
  const node = nodeAt(root, ['network_module']);
  const preset = lycorisPreset(root, ['network_args', 'preset']);
  if (node?.kind !== 'scalar' || node.lock?.code === 'config-file' || isLycoris(root)) return preset;
  const module = String(node.value);
  if (MODULES.test(module)) return preset;
  return [{ range: node.inner, why: l10n.t`The network module ${module} is unknown.` }, ...preset];
}

/** A preset that is a file can give every module its own algorithm, rank and alpha. */
export function lycorisPreset(root: MapNode, path: readonly string[]): Unread[] {
  const node = nodeAt(root, path);
  if (!isLycoris(root) || node?.kind !== 'scalar' || node.lock?.code === 'config-file') return [];
  if (node.unresolved === undefined && (!node.value || isAmong(PRESETS, String(node.value)))) return [];
  const why = l10n.t('A preset in a file can give every module its own algorithm, rank and alpha.');
  return [{ range: node.inner, why, mayMove: true }];
}
