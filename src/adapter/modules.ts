import * as l10n from '@vscode/l10n';
import type { Adapter, AdapterModule, Fault, Layout, Tensor } from './adapter';
import { headerAlpha, patternKey, unreadPatterns, type AdapterConfig } from './config';
import type { Name } from './layouts/names';

/** The tensors of one module, by what they are to it. */
interface Group {
  name: Name;
  parts: Map<string, Tensor>;
}

/** LoHa and LoKr have several tensors of one part. */
const slotOf = ({ part, ending }: Name): string => (part === 'loha' || part === 'lokr' ? ending.slice(6) : part);

/** `saved`: tensors that train a part of the model itself, and those whose name no layout has. */
export function grouped(tensors: readonly { tensor: Tensor; name: Name | null }[]): {
  groups: Group[];
  saved: Tensor[];
} {
  const groups = new Map<string, Group>();
  const saved = tensors.flatMap(({ tensor, name }) => {
    if (!name || name.part === 'whole') return tensor;
    const stem = `${name.prefix}${name.module}`;
    const { parts } = groups.get(stem) ?? { parts: new Map<string, Tensor>() };
    if (parts.size === 0) groups.set(stem, { name, parts });
    // A second spelling of the same part is another adapter's.
    if (parts.has(slotOf(name))) return tensor;
    parts.set(slotOf(name), tensor);
    return [];
  });
  return { groups: [...groups.values()], saved };
}

/** What is known of the file beside the tensors. */
export interface About extends Pick<Adapter, 'layout' | 'metadata'> {
  /** The config of a module, by its prefix. */
  configOf: (prefix: string) => AdapterConfig | null;
  /** The value of an `.alpha`. */
  alphas: ReadonlyMap<Tensor, number | null>;
}

/** A group as a module, or what is wrong with it. */
export function moduleOf({ name: { module: name, prefix }, parts }: Group, about: About): AdapterModule | Fault {
  const label = `${prefix}${name}`;
  const unpaired = (sentence: string): Fault => ({ code: 'unpaired', sentence, module: label });
  const factors = factorsOf(parts, name, about.layout);
  if (!factors) {
    const found = [...parts.values()].map(({ key }) => key).join(', ');
    return unpaired(l10n.t`${label} has no A and B, only ${found}.`);
  }
  const { kind, rankOfA: rank, rankOfB, ...sides } = factors;
  const isWhole = kind === 'lokr' && rank === 0;
  if (rank !== rankOfB || (rank === 0 && !isWhole)) {
    return unpaired(l10n.t`A of ${label} has rank ${rank}, and B has rank ${rankOfB}.`);
  }
  const part = (slot: string): Tensor | null => parts.get(slot) ?? null;
  const alphaTensor = part('alpha');
  const alpha = alphaTensor && (about.alphas.get(alphaTensor) ?? null);
  const stated = (by: number): Stated => statedOf(name, by, alpha, about.configOf(prefix), about);
  const said = stated(rank);
  const { statedRank } = said;
  const module = { name, prefix, kind, rank, ...said, ...sides, alphaTensor };
  const others = { magnitude: part('magnitude'), biasB: part('biasB'), mid: part('mid') };
  // LyCORIS takes no alpha where both factors of LoKr are whole.
  if (isWhole) return { ...module, ...others, scaling: 1 };
  // PEFT stacks the experts of one parameter along the rank.
  const isStacked = about.layout === 'peft' && /experts/.test(name) && statedRank !== null && rank > statedRank;
  if (!isStacked || rank % statedRank !== 0) return { ...module, ...others };
  return { ...module, ...others, kind: 'experts', rank: statedRank, scaling: stated(statedRank).scaling };
}

interface Factors extends Pick<AdapterModule, 'kind' | 'a' | 'b' | 'isTransposed'> {
  /** By their shapes. Of LoKr 0 where no factor is a product. */
  rankOfA: number;
  rankOfB: number;
}

function factorsOf(parts: Group['parts'], module: string, layout: Layout): Factors | null {
  const sized = (tensor: Tensor | undefined, at: number): number => tensor?.shape[at] ?? 0;
  const pair = (first: string, second: string): Pick<Factors, 'a' | 'b'> | null => {
    const [a, b] = [parts.get(first), parts.get(second)];
    return a && b ? { a, b } : null;
  };
  const loha = parts.has('w2_a') ? pair('w1_b', 'w1_a') : null;
  const lokr = pair('w2', 'w1') ?? pair('w2_b', 'w1') ?? pair('w2', 'w1_b') ?? pair('w2_b', 'w1_b');
  const lycoris = loha ?? lokr;
  if (lycoris) {
    const rank = sized(loha ? loha.a : (parts.get('w2_b') ?? parts.get('w1_b')), 0);
    return { ...lycoris, kind: loha ? 'loha' : 'lokr', isTransposed: false, rankOfA: rank, rankOfB: rank };
  }
  const embedding = pair('embeddingA', 'embeddingB');
  const found = embedding ?? pair('a', 'b');
  if (!found) return null;
  const { a, b } = found;
  if (layout === 'mlx') {
    const isExperts = a.shape.length === 3;
    const kind = isExperts ? 'experts' : 'linear';
    return { a, b, kind, isTransposed: !isExperts, rankOfA: sized(a, 1), rankOfB: sized(b, isExperts ? 2 : 0) };
  }
  const isTable = embedding !== null || /(?:^|\.)(?:embed_tokens|wte|token_embd)(?:\.weight)?$/.test(module);
  const kind = isTable ? 'embedding' : a.shape.length > 2 ? 'conv' : 'linear';
  // GGUF has the A of an embedding as (vocab, rank).
  return {
    a,
    b,
    kind,
    isTransposed: false,
    rankOfA: sized(a, layout === 'gguf' && isTable ? 1 : 0),
    rankOfB: sized(b, 1),
  };
}

/** What is said of one module's scaling. */
type Stated = Pick<AdapterModule, 'alpha' | 'statedRank' | 'scaling'>;

/** sd-scripts, LyCORIS, OneTrainer and ai-toolkit divide alpha by the tensors' rank, and take alpha 0 for the rank. */
const ofTensor = (alpha: number, rank: number): Stated => {
  return { alpha, statedRank: null, scaling: alpha === 0 ? 1 : alpha / rank };
};

/**
 * What a module's own trainer multiplied B·A by.
 * @param rank by the shapes
 * @param alpha the value of the module's `.alpha`
 */
export function statedOf(
  name: string,
  rank: number,
  alpha: number | null,
  config: AdapterConfig | null,
  { layout, metadata }: Pick<Adapter, 'layout' | 'metadata'>,
): Stated {
  if (layout === 'mlx') return ofMlx(config, rank);
  // PEFT does not read .alpha. llama.cpp takes alpha 0 for a scaling of 1, as the others do.
  const own = layout === 'gguf' ? (config?.alpha ?? null) : layout === 'peft' && config ? null : alpha;
  if (own !== null) return ofTensor(own, rank);
  if (config && layout !== 'gguf') return ofPeft(config, rank, name);
  const header = layout === 'gguf' ? null : headerAlpha(metadata);
  if (header) return ofTensor(header.alpha, rank);
  // Their trainers fold the scaling in, or know none: OneTrainer in diffusers' style, diffusers before PEFT.
  const isOne = layout === 'diffusers-old' || layout === 'onetrainer' || /ai-toolkit/.test(metadata['software'] ?? '');
  return { alpha: null, statedRank: null, scaling: isOne ? 1 : null };
}

/**
 * alpha/r, or alpha/√r, by the patterns; unknown where one of them is not read here.
 * @see https://github.com/huggingface/peft (src/peft/tuners/lora/layer.py: update_layer)
 */
function ofPeft(config: AdapterConfig, rank: number, name: string): Stated {
  const { r, useRslora, rankPattern, alphaPattern } = config;
  const statedRank = rankPattern[patternKey(rankPattern, name)] ?? r;
  const alpha = alphaPattern[patternKey(alphaPattern, name)] ?? config.alpha;
  const fits = (statedRank === null || statedRank === rank) && unreadPatterns(config).length === 0;
  const scaling = alpha === null || !fits ? null : alpha / (useRslora ? Math.sqrt(rank) : rank);
  return { alpha, statedRank, scaling };
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
