import type { Unread } from '../../reading';
import type { MapNode } from '../../syntax/tree';
import { unknownKeys, type KnownKeys } from '../shared/unknown-keys';

/** Names of settings that reach the LoRA parameters. */
const LIKE = /(?:^|_)(?:lr|lora\w*|lorm|optim\w*|scheduler|grad|network|adapter|embed\w*|decorator|param\w*)(?:_|$)/;

/** @see https://github.com/ostris/ai-toolkit (toolkit/config_modules.py, jobs/process/BaseSDTrainProcess.py, 27a03a91) */
const KNOWN: readonly KnownKeys[] = [
  {
    at: '',
    like: LIKE,
    known: new Set(['network', 'embedding', 'decorator', 'adapter', 'embeddings']),
  },
  {
    at: 'network',
    known: new Set([
      ...['type', 'rank', 'linear', 'conv', 'alpha', 'linear_alpha', 'conv_alpha', 'dropout', 'network_kwargs'],
      ...['transformer_only', 'split_multistage_loras', 'layer_offloading', 'pretrained_lora_path', 'all_layers'],
      // For other types of networks.
      ...['lorm', 'lokr_full_rank', 'lokr_factor', 'old_lokr_format'],
    ]),
  },
  {
    at: 'network.network_kwargs',
    known: new Set([
      ...['ignore_if_contains', 'only_if_contains', 'full_if_contains', 'parameter_threshold', 'attn_only'],
      ...['target_lin_modules', 'target_conv_modules', 'rank_dropout', 'module_dropout', 'varbose'],
    ]),
  },
  {
    at: 'train',
    like: LIKE,
    known: new Set([
      ...['lr', 'unet_lr', 'text_encoder_lr', 'refiner_lr', 'embedding_lr', 'adapter_lr', 'optimizer', 'max_grad_norm'],
      ...['optimizer_params', 'lr_scheduler', 'lr_scheduler_params', 'noise_scheduler', 'gradient_checkpointing'],
      ...['gradient_accumulation', 'gradient_accumulation_steps', 'merge_network_on_save', 'cache_text_embeddings'],
      ...['merge_network_on_save_strength', 'adapter_assist_name_or_path', 'adapter_assist_type'],
      ...['match_adapter_assist', 'match_adapter_chance', 'bypass_guidance_embedding'],
      // Trains a random part of the parameters at a time, whatever their units.
      ...['do_paramiter_swapping', 'paramiter_swapping_factor'],
    ]),
  },
];

/** The unknown settings of a process that can reach the LoRA parameters. */
export function unreadOfAiToolkit(process: MapNode): Unread[] {
  return KNOWN.flatMap((keys) => unknownKeys(process, keys));
}
