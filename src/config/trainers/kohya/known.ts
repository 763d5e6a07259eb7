import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { nodeAt, type MapNode } from '../../syntax/tree';
import { names, unknownKeys, type KnownKeys } from '../shared/known';
import { isLycoris, KINDS, LISTS } from './networks';

const LORAPLUS = 'loraplus_lr_ratio loraplus_unet_lr_ratio loraplus_text_encoder_lr_ratio';
const BLOCK_RATES = 'down_lr_weight mid_lr_weight up_lr_weight block_lr_zero_threshold';
const LYCORIS_DROPOUT = 'rank_dropout rank_dropout_scale module_dropout';

/**
 * What the modules of sd-scripts take from network_args; musubi-tuner's take some of them.
 * @see https://github.com/kohya-ss/sd-scripts (networks/lora.py, lora_flux.py, lora_sd3.py …: create_network, 48d368fa)
 * @see https://github.com/kohya-ss/musubi-tuner (src/musubi_tuner/networks/lora.py, 30c658c)
 */
const NETWORK_ARGS = names(
  `conv_dim conv_alpha dropout network_reg_lrs network_reg_dims exclude_patterns include_patterns rank_dropout
  module_dropout verbose train_blocks train_block_indices train_double_block_indices train_single_block_indices
  split_qkv train_t5xxl train_llm_adapter ggpo_beta ggpo_sigma`,
  LORAPLUS,
  BLOCK_RATES,
  [...KINDS, ...LISTS.flatMap(([, dims, alphas]) => (alphas === null ? [dims] : [dims, alphas]))].join(' '),
);

/** @see https://github.com/KohakuBlueleaf/LyCORIS (lycoris/kohya.py: create_network, f49d30d6) */
const LYCORIS_ARGS = names(
  `algo preset conv_dim conv_alpha dropout use_tucker use_cp use_conv_cp disable_conv_cp use_scalar train_norm dora_wd
  wd_on_output rs_lora bypass_mode train_t5xxl`,
  LORAPLUS,
  LYCORIS_DROPOUT,
  // For other algorithms.
  'block_size constraint constrain rescaled full_matrix unbalanced_factorization decompose_both factor',
);

const TOP_NAMES = names(`
  unet_lr text_encoder_lr optimizer_type optimizer_args use_lion_optimizer scale_weight_norms lr_scheduler
  lr_scheduler_type lr_scheduler_args lr_scheduler_num_cycles lr_scheduler_power lr_restart_cycles
  lr_scheduler_timescale lr_scheduler_min_lr_ratio lr_warmup_steps lr_decay_steps max_grad_norm network_module
  network_dim network_alpha network_args network_dropout network_weights network_train_unet_only
  network_train_text_encoder_only dim_from_weights alpha_mask offload_optimizer_device offload_optimizer_nvme_path
  use_unconditional_dit_for_lora_sampling scheduler_scale
`);

/** Settings at the top level whose names say that they are about LoRA, the optimizer or the schedule. */
const TOP: KnownKeys = {
  at: '',
  like: /(?:^|_)(?:lr|lora\w*|lycoris\w*|network|optim\w*|lr_scheduler\w*|max_grad|decay|momentum|rank|alpha|dim)(?:_|$)/i,
  known: TOP_NAMES,
};

/** @see https://github.com/bmaltais/kohya_ss (kohya_gui/lora_gui.py: save_configuration, 45088f04) */
const GUI_NAMES = names(
  TOP_NAMES,
  `lr_warmup optimizer t5xxl_lr LoRA_type LyCORIS_preset conv_dim conv_alpha rs_lora train_lora_ggpo ggpo_sigma
  ggpo_beta`,
  LORAPLUS,
  BLOCK_RATES,
  LYCORIS_DROPOUT,
  KINDS.join(' '),
);

/** Modules of sd-scripts and musubi-tuner, besides LyCORIS: `networks.lora_flux`. */
const MODULES = names(`
  lora lora_flux lora_sd3 lora_lumina lora_hunyuan_image lora_anima lora_wan lora_framepack lora_flux_2 lora_qwen_image
  lora_zimage lora_hv_1_5 lora_ideogram4 lora_kandinsky lora_krea2 lora_hidream_o1
`);

/** Presets that say which layers get LoRA, and nothing else (lycoris/config.py). */
const PRESETS = names('full full-lin attn-mlp attn-only unet-only unet-transformer-only unet-convblock-only ia3');

/** The unknown keys of a kohya config that can reach the LoRA parameters. */
export function unreadOfKohya(root: MapNode): Unread[] {
  return [
    ...unknownModule(root),
    ...unknownKeys(root, { at: 'network_args', known: isLycoris(root) ? LYCORIS_ARGS : NETWORK_ARGS }),
    ...unknownKeys(root, TOP),
    ...lycorisPreset(root, ['network_args', 'preset']),
  ];
}

/** The unknown keys of a preset of kohya_ss that can reach the LoRA parameters. */
export function unreadOfGui(root: MapNode): Unread[] {
  return [
    ...unknownKeys(root, { ...TOP, known: GUI_NAMES }),
    ...unknownKeys(root, { ...TOP, at: 'additional_parameters' }),
    ...lycorisPreset(root, ['LyCORIS_preset']),
  ];
}

/** A preset that is a file can give every module its own algorithm, rank and alpha. */
function lycorisPreset(root: MapNode, path: readonly string[]): Unread[] {
  const node = nodeAt(root, path);
  if (!isLycoris(root) || node?.kind !== 'scalar' || node.lock?.code === 'config-file') return [];
  if (node.unresolved === undefined && (!node.value || PRESETS.has(String(node.value)))) return [];
  const why = l10n.t('A preset in a file can give every module its own algorithm, rank and alpha.');
  return [{ range: node.inner, why, mayMove: true }];
}

function unknownModule(root: MapNode): Unread[] {
  const node = nodeAt(root, ['network_module']);
  if (node?.kind !== 'scalar' || node.lock?.code === 'config-file') return [];
  const module = String(node.value);
  if (isLycoris(root) || (module.startsWith('networks.') && MODULES.has(module.slice('networks.'.length)))) return [];
  return [{ range: node.inner, why: l10n.t`The network module ${module} is unknown.` }];
}
