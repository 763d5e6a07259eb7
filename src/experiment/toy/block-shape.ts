import type { BlockSpec } from '../spec';

export type BlockShape = Pick<BlockSpec, 'norm' | 'gated'>;

/** Llama and most later language models. */
const LLAMA: BlockShape = { norm: 'rms', gated: true };

/** GPT-2, BERT, OPT, GPT-NeoX, Whisper, and diffusion transformers (Flux, SD3, Wan). */
const GPT: BlockShape = { norm: 'layer', gated: false };

/** Stable Diffusion's attention blocks: LayerNorm and GEGLU (diffusers, `BasicTransformerBlock`). */
const DIFFUSERS: BlockShape = { norm: 'layer', gated: true };

/** Every kind of block. */
export const BLOCK_SHAPES: readonly BlockShape[] = [LLAMA, GPT, DIFFUSERS];

/** Layer names that only one kind of block has, by the end of a dotted path. The first match decides. */
const KINDS: readonly (readonly [RegExp, BlockShape])[] = [
  [/(?:^|\.)(?:to_(?:q|k|v|out|out\.0)|ff\.net\.0\.proj|ff\.net\.2)$/, DIFFUSERS],
  [/(?:^|\.)(?:gate_proj|gate_up_proj|wi_0|wi_1|w[123])$/, LLAMA],
  [
    /(?:^|\.)(?:fc[12]|(?:mlp|ffn)\.[02]|fc_(?:in|out)|c_(?:attn|fc|proj)|dense_h_to_4h|dense_4h_to_h|query_key_value|lin[12]|[qkv]_lin|(?:intermediate|output)\.dense|query|key|value)$/,
    GPT,
  ],
];

/**
 * The kind of block that has layers of these names.
 * @param names without patterns
 * @param hasGate whether LoRA is on a gate, which needs one
 */
export function blockShapeOf(names: readonly string[], hasGate: boolean): BlockShape {
  const [, shape] = KINDS.find(([pattern]) => names.some((name) => pattern.test(name))) ?? [null, LLAMA];
  return hasGate ? { ...shape, gated: true } : shape;
}
