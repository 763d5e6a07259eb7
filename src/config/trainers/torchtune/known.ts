import { keys } from '../shared/keys';

/** @see https://github.com/pytorch/torchtune (arguments of the lora_* builders in torchtune/models, bd2a0fc7) */
export const TORCHTUNE_MODEL = keys(`
  _component_ activation apply_lora_to_mlp apply_lora_to_output attention_chunk_size attn_bias attn_dropout clip_embed_dim
  clip_hidden_states clip_num_layers cls_output_dim decoder_embed_dim decoder_lora decoder_trainable dim embed_dim encoder_lora
  encoder_max_seq_len encoder_trainable experts_per_token final_capping_value fusion_interval fusion_lora fusion_trainable
  head_dim hidden_capping_value hidden_dim image_size in_channels in_dim intermediate_dim is_causal k_norm k_proj_bias
  lora_alpha lora_attn_modules lora_dropout lora_modules lora_rank max_num_tiles max_seq_len mlp_hidden_dim moe_every_n_layers
  norm_eps num_classes num_experts num_heads num_hidden_inputs num_kv_heads num_layers num_layers_projection
  num_special_tokens old_context_len out_dim out_indices output_cls_projection patch_size pos_embeddings projection_embed_dim
  q_norm q_proj_bias quantize_base query_pre_attn_scalar rope_base rope_high_freq_factor rope_low_freq_factor
  rope_scale_factor scale_factor scaler_block_size skip_rope_interval sliding_window_size softcapping tie_word_embeddings
  tile_size use_dora use_qk_norm use_scaled_rope use_shared_expert v_proj_bias vocab_size
`);

/** Keys outside these blocks whose names look like LoRA or optimizer settings (recipes/configs, bd2a0fc7). */
export const TORCHTUNE = keys(
  'clip_grad_norm epsilon lr_scheduler optimizer optimizer_in_bwd save_adapter_weights_only value_clip_range',
);
