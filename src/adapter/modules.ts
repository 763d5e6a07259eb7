import * as l10n from '@vscode/l10n';
import type { Adapter, AdapterConfig, AdapterModule, Fault, Layout, Tensor } from './adapter';
import { nameOf, type Name } from './layouts/names';
import { statedOf } from './scaling';

/** The tensors of one module. */
interface Group {
  name: Name;
  parts: ReadonlyMap<string, Tensor>;
}

export interface Grouped {
  groups: readonly Group[];
  /** Tensors that train a part of the model itself, and those whose name no layout has. */
  saved: readonly Tensor[];
}

/** LoHa and LoKr have several tensors of one part. */
const slotOf = ({ part, ending }: Name): string => (part === 'loha' || part === 'lokr' ? ending.slice(6) : part);

export function grouped(tensors: readonly Tensor[]): Grouped {
  const groups = new Map<string, { name: Name; parts: Map<string, Tensor> }>();
  const saved: Tensor[] = [];
  for (const tensor of tensors) {
    const name = nameOf(tensor.key);
    if (!name || name.part === 'whole') {
      saved.push(tensor);
      continue;
    }
    const stem = `${name.prefix}${name.module}`;
    const group = groups.get(stem) ?? { name, parts: new Map<string, Tensor>() };
    groups.set(stem, group);
    // A second spelling of the same part is another adapter's.
    if (group.parts.has(slotOf(name))) saved.push(tensor);
    else group.parts.set(slotOf(name), tensor);
  }
  return { groups: [...groups.values()], saved };
}

/** What is known of the file beside the tensors. */
export interface About {
  layout: Layout;
  metadata: Adapter['metadata'];
  /** The config of a module, by its prefix. */
  configOf: (prefix: string) => AdapterConfig | null;
  /** The value of an `.alpha`. */
  alphas: ReadonlyMap<Tensor, number>;
}

const sized = ({ shape }: Tensor, at: number): number => shape.at(at) ?? 0;

/** Kind, rank by A and rank by B. */
type Product = Pick<AdapterModule, 'kind' | 'rank' | 'isTransposed'> & { other: number };

function productOf(a: Tensor, b: Tensor, isEmbedding: boolean, layout: Layout): Product {
  if (layout === 'mlx') {
    const isExperts = a.shape.length === 3;
    const kind = isExperts ? 'experts' : 'linear';
    return isExperts
      ? { kind, rank: sized(a, 1), other: sized(b, 2), isTransposed: false }
      : { kind, rank: sized(a, 1), other: sized(b, 0), isTransposed: true };
  }
  const kind = isEmbedding ? 'embedding' : a.shape.length > 2 ? 'conv' : 'linear';
  if (layout === 'gguf' && isEmbedding) return { kind, rank: sized(a, 1), other: sized(b, 1), isTransposed: false };
  return { kind, rank: sized(a, 0), other: sized(b, 1), isTransposed: false };
}

/** A group as a module, or what is wrong with it. */
export function moduleOf({ name, parts }: Group, about: About): AdapterModule | Fault {
  const { layout, metadata } = about;
  const label = `${name.prefix}${name.module}`;
  const part = (slot: string): Tensor | null => parts.get(slot) ?? null;
  const alphaTensor = part('alpha');
  const alphaValue = alphaTensor ? (about.alphas.get(alphaTensor) ?? null) : null;
  const config = about.configOf(name.prefix);
  const common = {
    ...{ name: name.module, prefix: name.prefix, alphaTensor, magnitude: part('magnitude') },
    ...{ biasB: part('biasB'), mid: part('mid') },
  };
  const given = { layout, config, metadata, alphaValue, module: name.module };
  const factors = factorsOf(parts, name.module);
  if (!factors) {
    const missing = [...parts.values()].map(({ key }) => key).join(', ');
    return { code: 'unpaired', sentence: l10n.t`${label} has no A and B, only ${missing}.`, module: label };
  }
  const { a, b, kind } = factors;
  if (kind === 'loha' || kind === 'lokr') {
    const others = [...parts.values()].filter((tensor) => ![a, b, alphaTensor, common.magnitude].includes(tensor));
    const rank = factors.rank ?? 0;
    const stated = statedOf({ ...given, rank });
    // LyCORIS takes no alpha where both factors of LoKr are whole.
    const scaling = factors.rank === null ? 1 : stated.scaling;
    return { ...common, ...{ kind, rank, a, b, others, isTransposed: false }, ...stated, scaling };
  }
  const product = productOf(a, b, kind === 'embedding', layout);
  if (product.rank !== product.other || product.rank === 0) {
    const sentence = l10n.t`A of ${label} has rank ${product.rank}, and B has rank ${product.other}.`;
    return { code: 'unpaired', sentence, module: label };
  }
  const { rank, kind: shaped, isTransposed } = product;
  const stated = statedOf({ ...given, rank });
  // PEFT stacks the experts of one parameter along the rank.
  const isStacked =
    layout === 'peft' &&
    /experts/.test(name.module) &&
    stated.statedRank !== null &&
    rank > stated.statedRank &&
    rank % stated.statedRank === 0;
  const module = { ...common, ...{ kind: shaped, rank, a, b, isTransposed, others: [] }, ...stated };
  if (!isStacked || stated.statedRank === null) return module;
  const ofExpert = statedOf({ ...given, rank: stated.statedRank });
  return { ...module, kind: 'experts', rank: stated.statedRank, scaling: ofExpert.scaling };
}

interface Factors {
  kind: AdapterModule['kind'];
  a: Tensor;
  b: Tensor;
  /** Of LoHa and LoKr; null where no factor is a product. */
  rank?: number | null;
}

function factorsOf(parts: ReadonlyMap<string, Tensor>, module: string): Factors | null {
  const pair = (a: string, b: string): Pick<Factors, 'a' | 'b'> | null => {
    const [first, second] = [parts.get(a), parts.get(b)];
    return first && second ? { a: first, b: second } : null;
  };
  const loha = pair('w1_b', 'w1_a');
  if (loha && parts.has('w2_a')) return { ...loha, kind: 'loha', rank: sized(loha.a, 0) };
  const lokr = pair('w2', 'w1') ?? pair('w2_b', 'w1') ?? pair('w2', 'w1_b') ?? pair('w2_b', 'w1_b');
  if (lokr) {
    const low = parts.get('w2_b') ?? parts.get('w1_b');
    return { ...lokr, kind: 'lokr', rank: low ? sized(low, 0) : null };
  }
  const embedding = pair('embeddingA', 'embeddingB');
  if (embedding) return { ...embedding, kind: 'embedding' };
  const linear = pair('a', 'b');
  const isTable = /(?:^|\.)(?:embed_tokens|wte|token_embd)(?:\.weight)?$/.test(module);
  return linear && { ...linear, kind: isTable ? 'embedding' : 'linear' };
}
