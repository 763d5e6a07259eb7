import * as l10n from '@vscode/l10n';
import type { Adapter, AdapterConfig, AdapterModule, Fault, Tensor } from './adapter';
import { nameOf, type Name } from './layouts/names';
import { statedOf, type Stated } from './scaling';

/** The tensors of one module, by what they are to it. */
interface Group {
  name: Name;
  parts: Map<string, Tensor>;
}

/** LoHa and LoKr have several tensors of one part. */
const slotOf = ({ part, ending }: Name): string => (part === 'loha' || part === 'lokr' ? ending.slice(6) : part);

/** `saved`: tensors that train a part of the model itself, and those whose name no layout has. */
export function grouped(tensors: readonly Tensor[]): { groups: readonly Group[]; saved: readonly Tensor[] } {
  const groups = new Map<string, Group>();
  const saved = tensors.filter((tensor) => {
    const name = nameOf(tensor.key);
    if (!name || name.part === 'whole') return true;
    const stem = `${name.prefix}${name.module}`;
    const { parts } = groups.get(stem) ?? { parts: new Map<string, Tensor>() };
    if (!groups.has(stem)) groups.set(stem, { name, parts });
    // A second spelling of the same part is another adapter's.
    const isSecond = parts.has(slotOf(name));
    if (!isSecond) parts.set(slotOf(name), tensor);
    return isSecond;
  });
  return { groups: [...groups.values()], saved };
}

/** What is known of the file beside the tensors. */
export interface About extends Pick<Adapter, 'layout' | 'metadata'> {
  /** The config of a module, by its prefix. */
  configOf: (prefix: string) => AdapterConfig | null;
  /** The value of an `.alpha`. */
  alphas: ReadonlyMap<Tensor, number>;
}

const sized = ({ shape }: Tensor, at: number): number => shape.at(at) ?? 0;

/** A group as a module, or what is wrong with it. */
export function moduleOf({ name, parts }: Group, { layout, metadata, configOf, alphas }: About): AdapterModule | Fault {
  const { module, prefix } = name;
  const label = `${prefix}${module}`;
  const part = (slot: string): Tensor | null => parts.get(slot) ?? null;
  const [alphaTensor, magnitude] = [part('alpha'), part('magnitude')];
  const given = { layout, config: configOf(prefix), metadata, module };
  const alphaValue = (alphaTensor && alphas.get(alphaTensor)) ?? null;
  const stated = (rank: number): Stated => statedOf({ ...given, alphaValue, rank });
  const common = { name: module, prefix, alphaTensor, magnitude, biasB: part('biasB'), mid: part('mid') };
  const factors = factorsOf(parts, module);
  if (!factors) {
    const missing = [...parts.values()].map(({ key }) => key).join(', ');
    return { code: 'unpaired', sentence: l10n.t`${label} has no A and B, only ${missing}.`, module: label };
  }
  const { a, b, kind } = factors;
  if (kind === 'loha' || kind === 'lokr') {
    const others = [...parts.values()].filter((tensor) => ![a, b, alphaTensor, magnitude].includes(tensor));
    const rank = factors.rank ?? 0;
    const said = stated(rank);
    // LyCORIS takes no alpha where both factors of LoKr are whole.
    const scaling = factors.rank === null ? 1 : said.scaling;
    return { ...common, ...{ kind, rank, a, b, others, isTransposed: false }, ...said, scaling };
  }
  const isMlx = layout === 'mlx';
  const isExperts = isMlx && a.shape.length === 3;
  const isTransposed = isMlx && !isExperts;
  const rank = sized(a, isMlx || (layout === 'gguf' && kind === 'embedding') ? 1 : 0);
  const rankOfB = sized(b, isExperts ? 2 : isTransposed ? 0 : 1);
  if (rank !== rankOfB || rank === 0) {
    const sentence = l10n.t`A of ${label} has rank ${rank}, and B has rank ${rankOfB}.`;
    return { code: 'unpaired', sentence, module: label };
  }
  const isConv = kind === 'linear' && a.shape.length > 2;
  const shaped = isExperts ? 'experts' : isMlx ? 'linear' : isConv ? 'conv' : kind;
  const said = { ...common, a, b, isTransposed, others: [] as Tensor[], ...stated(rank) };
  const { statedRank } = said;
  // PEFT stacks the experts of one parameter along the rank.
  const isStacked = layout === 'peft' && /experts/.test(module) && statedRank !== null && rank > statedRank;
  if (!isStacked || rank % statedRank !== 0) return { ...said, rank, kind: shaped };
  return { ...said, kind: 'experts', rank: statedRank, scaling: stated(statedRank).scaling };
}

interface Factors extends Pick<AdapterModule, 'kind' | 'a' | 'b'> {
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
  const low = parts.get('w2_b') ?? parts.get('w1_b');
  if (lokr) return { ...lokr, kind: 'lokr', rank: low ? sized(low, 0) : null };
  const embedding = pair('embeddingA', 'embeddingB');
  if (embedding) return { ...embedding, kind: 'embedding' };
  const linear = pair('a', 'b');
  const isTable = /(?:^|\.)(?:embed_tokens|wte|token_embd)(?:\.weight)?$/.test(module);
  return linear && { ...linear, kind: isTable ? 'embedding' : 'linear' };
}
