import type { Adapter, AdapterConfig, AdapterModule } from './adapter';
import { patternKey, unreadPatterns } from './config';

/** What is said of one module's scaling. */
export type Stated = Pick<AdapterModule, 'alpha' | 'statedRank' | 'scaling'>;

/** Keys of a header that some trainers write alpha under; most engines read none of them. */
export const HEADER_ALPHA = ['ss_network_alpha', 'lora_alpha', 'network_alpha', 'alpha'];

/** Alpha in a header's metadata; null where there is none, or no number (`Dynamic`). */
export function headerAlpha(metadata: Readonly<Record<string, string>>): { key: string; alpha: number } | null {
  const found = HEADER_ALPHA.map((key) => ({ key, alpha: Number(metadata[key] || NaN) }));
  return found.find(({ alpha }) => Number.isFinite(alpha)) ?? null;
}

interface Given extends Pick<Adapter, 'layout' | 'config' | 'metadata'> {
  /** The value of the module's `.alpha`. */
  alphaValue: number | null;
  /** By the shapes. */
  rank: number;
  module: string;
}

/** sd-scripts, LyCORIS, OneTrainer and ai-toolkit divide alpha by the tensors' rank, and take alpha 0 for the rank. */
const ofTensor = (alpha: number, rank: number): number => (alpha === 0 ? 1 : alpha / rank);

/** What a module's own trainer multiplied B·A by. */
export function statedOf({ layout, config, metadata, alphaValue, rank, module }: Given): Stated {
  const nothing: Stated = { alpha: null, statedRank: null, scaling: null };
  if (layout === 'mlx') return ofMlx(config, rank);
  // PEFT does not read .alpha. llama.cpp takes alpha 0 for a scaling of 1, as the others do.
  const ofFile = layout === 'peft' && config ? null : alphaValue;
  const own = layout === 'gguf' ? (config?.alpha ?? null) : ofFile;
  if (own !== null) return { ...nothing, alpha: own, scaling: ofTensor(own, rank) };
  if (layout === 'gguf') return nothing;
  if (config) return ofPeft(config, rank, module);
  const header = headerAlpha(metadata);
  if (header) return { ...nothing, alpha: header.alpha, scaling: ofTensor(header.alpha, rank) };
  // Their trainers fold the scaling in, or know none: OneTrainer in diffusers' style, diffusers before PEFT.
  const isOne = layout === 'diffusers-old' || layout === 'onetrainer' || /ai-toolkit/.test(metadata['software'] ?? '');
  return { ...nothing, scaling: isOne ? 1 : null };
}

/**
 * alpha/r, or alpha/√r, by the patterns; unknown where one of them is not read here.
 * @see https://github.com/huggingface/peft (src/peft/tuners/lora/layer.py: update_layer)
 */
function ofPeft(config: AdapterConfig, rank: number, name: string): Stated {
  const { r, alpha, useRslora, rankPattern, alphaPattern } = config;
  const [rankKey, alphaKey] = [patternKey(rankPattern, name), patternKey(alphaPattern, name)];
  const stated = rankKey === null ? r : (rankPattern[rankKey] ?? r);
  const own = alphaKey === null ? alpha : (alphaPattern[alphaKey] ?? alpha);
  const fits = (stated === null || stated === rank) && unreadPatterns(config).length === 0;
  const scaling = own === null || !fits ? null : own / (useRslora ? Math.sqrt(rank) : rank);
  return { alpha: own, statedRank: stated, scaling };
}

/**
 * mlx-lm multiplies by `scale`; until June 2024 by scale · alpha/rank. Where a file has another alpha than the rank,
 * it does not say which of both trained it.
 * @see https://github.com/ml-explore/mlx-lm (mlx_lm/tuner/lora.py)
 */
function ofMlx(config: AdapterConfig | null, rank: number): Stated {
  const { r = null, alpha = null, scale = null } = config ?? {};
  const isOne = alpha === null || alpha === (r ?? rank);
  return { alpha, statedRank: r, scaling: isOne ? scale : null };
}
