import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { nodeAt, type MapNode } from '../../syntax/tree';
import { unknownKeys, type KnownKeys } from '../shared/unknown-keys';
import { isLycoris, KINDS, LISTS } from './networks';
import { lycorisPreset } from './lycoris';

const LORAPLUS = ['loraplus_lr_ratio', 'loraplus_unet_lr_ratio', 'loraplus_text_encoder_lr_ratio'];
const CHOICE = ['exclude_patterns', 'include_patterns', 'rank_dropout', 'module_dropout', 'verbose'];

/**
 * What the modules of sd-scripts take from network_args; musubi-tuner's take some of them.
 * @see https://github.com/kohya-ss/sd-scripts (networks/lora.py, lora_flux.py, lora_sd3.py …: create_network, 48d368fa)
 * @see https://github.com/kohya-ss/musubi-tuner (src/musubi_tuner/networks/lora.py, 30c658c)
 */
const NETWORK_ARGS = new Set([
  ...['conv_dim', 'conv_alpha', 'dropout', 'network_reg_lrs', 'network_reg_dims'],
  ...[...LORAPLUS, ...CHOICE, ...KINDS],
  ...LISTS.flatMap(([, dims, alphas]) => (alphas === null ? [dims] : [dims, alphas])),
  ...['down_lr_weight', 'mid_lr_weight', 'up_lr_weight', 'block_lr_zero_threshold'],
  ...['train_blocks', 'train_block_indices', 'train_double_block_indices', 'train_single_block_indices', 'split_qkv'],
  ...['train_t5xxl', 'train_llm_adapter', 'ggpo_beta', 'ggpo_sigma'],
]);

/** @see https://github.com/KohakuBlueleaf/LyCORIS (lycoris/kohya.py: create_network, f49d30d6) */
const LYCORIS_ARGS = new Set([
  ...['algo', 'preset', 'conv_dim', 'conv_alpha', 'dropout', 'rank_dropout', 'module_dropout', 'rank_dropout_scale'],
  ...['use_tucker', 'use_cp', 'use_conv_cp', 'disable_conv_cp', 'use_scalar', 'train_norm', 'dora_wd', 'wd_on_output'],
  ...['rs_lora', 'bypass_mode', 'train_t5xxl', ...LORAPLUS],
  // For other algorithms.
  ...['block_size', 'constraint', 'constrain', 'rescaled', 'full_matrix', 'unbalanced_factorization'],
  ...['decompose_both', 'factor'],
]);

/** Settings at the top level whose names say that they are about LoRA, the optimizer or the schedule. */
const TOP: KnownKeys = {
  at: '',
  like: /(?:^|_)(?:lr|lora\w*|lycoris\w*|network|optim\w*|lr_scheduler\w*|max_grad|decay|momentum|rank|alpha|dim)(?:_|$)/i,
  known: new Set([
    ...['unet_lr', 'text_encoder_lr', 'optimizer_type', 'optimizer_args', 'use_lion_optimizer', 'scale_weight_norms'],
    ...['lr_scheduler', 'lr_scheduler_type', 'lr_scheduler_args', 'lr_scheduler_num_cycles', 'lr_scheduler_power'],
    ...['lr_restart_cycles', 'lr_scheduler_timescale', 'lr_scheduler_min_lr_ratio', 'lr_warmup_steps'],
    ...['lr_decay_steps', 'max_grad_norm'],
    ...['network_module', 'network_dim', 'network_alpha', 'network_args', 'network_dropout', 'network_weights'],
    ...['network_train_unet_only', 'network_train_text_encoder_only', 'dim_from_weights', 'alpha_mask'],
    ...['offload_optimizer_device', 'offload_optimizer_nvme_path', 'use_unconditional_dit_for_lora_sampling'],
    'scheduler_scale',
  ]),
};

/** Modules of sd-scripts and musubi-tuner, besides LyCORIS. */
const MODULES: ReadonlySet<string> = new Set(
  ['', '_flux', '_sd3', '_lumina', '_hunyuan_image', '_anima', '_wan', '_framepack', '_flux_2', '_qwen_image']
    .concat(['_zimage', '_hv_1_5', '_ideogram4', '_kandinsky', '_krea2', '_hidream_o1'])
    .map((name) => `networks.lora${name}`),
);

/** The unknown keys of a kohya config that can reach the LoRA parameters. */
export function unreadOfKohya(root: MapNode): Unread[] {
  const known = isLycoris(root) ? LYCORIS_ARGS : NETWORK_ARGS;
  return [
    ...unknownModule(root),
    ...unknownKeys(root, { at: 'network_args', known }),
    ...unknownKeys(root, TOP),
    ...lycorisPreset(root, 'network_args', 'preset'),
  ];
}

/** The unknown keys of a preset of kohya_ss that can reach the LoRA parameters. */
export function unreadOfGui(root: MapNode): Unread[] {
  return [
    ...unknownKeys(root, { ...TOP, known: new Set([...TOP.known, ...GUI]) }),
    ...unknownKeys(root, { ...TOP, at: 'additional_parameters' }),
    ...lycorisPreset(root, '', 'LyCORIS_preset'),
  ];
}

/** @see https://github.com/bmaltais/kohya_ss (kohya_gui/lora_gui.py: save_configuration, 45088f04) */
const GUI = [
  ...[
    'lr_warmup',
    'optimizer',
    't5xxl_lr',
    'LoRA_type',
    'LyCORIS_preset',
    'conv_dim',
    'conv_alpha',
    ...LORAPLUS,
    ...KINDS,
  ],
  ...['down_lr_weight', 'mid_lr_weight', 'up_lr_weight', 'block_lr_zero_threshold', 'rank_dropout'],
  ...['rank_dropout_scale', 'rs_lora', 'train_lora_ggpo', 'ggpo_sigma', 'ggpo_beta'],
];

function unknownModule(root: MapNode): Unread[] {
  const node = nodeAt(root, ['network_module']);
  if (node?.kind !== 'scalar' || node.lock?.code === 'config-file') return [];
  if (isLycoris(root) || MODULES.has(String(node.value))) return [];
  return [{ range: node.inner, why: l10n.t`The network module ${String(node.value)} is unknown.` }];
}
