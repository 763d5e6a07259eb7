import type { Recipe } from '../../recipe/recipe';
import { PROJECTIONS, type Projection, type BlockSpec } from '../spec';

/** Default of LoRA's targets: queries and values, as in the paper (section 4.2, arXiv 2106.09685). */
const PAPER: readonly Projection[] = ['q', 'v'];

/**
 * Names of each linear layer in transformers, diffusers, torchtune and Meta's code; some models fuse several layers.
 */
const NAMES: readonly (readonly [Projection | readonly Projection[], names: string])[] = [
  ['q', 'q_proj wq to_q add_q_proj query q q_lin q_a_proj q_b_proj query_proj'],
  ['k', 'k_proj wk to_k add_k_proj key k k_lin key_proj'],
  ['v', 'v_proj wv to_v add_v_proj value v v_lin value_proj'],
  ['o', 'o_proj out_proj output_proj wo to_out.0 to_out to_add_out o out_lin dense attn.proj'],
  ['o', 'attn.c_proj attention.output.dense'],
  [['q', 'k', 'v'], 'qkv_proj query_key_value c_attn Wqkv qkv W_pack in_proj attn_qkv'],
  [['k', 'v'], 'kv_proj to_kv kv_a_proj_with_mqa kv_b_proj'],
  ['gate', 'gate_proj w1 wi_0'],
  ['up', 'up_proj w3 fc1 c_fc dense_h_to_4h fc_in lin1 wi wi_1 intermediate.dense mlp.0 ffn.0'],
  ['down', 'down_proj w2 fc2 dense_4h_to_h fc_out lin2 output.dense mlp.c_proj ff.net.2 mlp.2 ffn.2'],
  [['gate', 'up'], 'gate_up_proj ff.net.0.proj'],
  [['o', 'down'], 'c_proj'],
];

const BY_NAME: ReadonlyMap<string, readonly Projection[]> = new Map(
  NAMES.flatMap(([projections, names]) => names.split(' ').map((name) => [name, [projections].flat()] as const)),
);

const OUTSIDE =
  /^(?:.*\.)?(?:embed_tokens|lm_head|output|embed_out|wte|wpe|score|classifier|proj_in|proj_out|conv\w*)$/;

const ALL: ReadonlySet<string> = new Set(['all', 'all-linear', 'all_linear']);

export interface Targets {
  /** In the order of {@link PROJECTIONS}; never empty. */
  projections: readonly Projection[];
  /** Names as written of layers outside of the blocks (heads, embeddings, convolutions), and unknown ones. */
  outside: readonly string[];
  unknown: readonly string[];
  /** Whether `projections` are the paper's, because no name is known. */
  isGuess: boolean;
  /** The kind of block that has such names; Llama's by default. */
  block: BlockShape;
}

/** The layers of a transformer block that a recipe's target modules name. */
export function targetsOf({ targetModules }: Pick<Recipe, 'targetModules'>): Targets {
  const names = typeof targetModules === 'string' ? splitNames(targetModules) : (targetModules ?? []);
  const found = names.map((name) => {
    const paths = isPattern(name) ? namesOfPattern(name) : [name];
    return { name, paths, projections: ALL.has(name.toLowerCase()) ? PROJECTIONS : paths.flatMap(atEnd) };
  });
  const projections = new Set(found.flatMap((each) => each.projections));
  const others = found.filter((each) => each.projections.length === 0).map(({ name }) => name);
  const isGuess = projections.size === 0;
  const paths = found.flatMap((each) => each.paths);
  const [, block] = KINDS.find(([pattern]) => paths.some((path) => pattern.test(path))) ?? [null, LLAMA];
  return {
    projections: isGuess ? PAPER : PROJECTIONS.filter((projection) => projections.has(projection)),
    outside: others.filter((name) => OUTSIDE.test(name)),
    unknown: others.filter((name) => !OUTSIDE.test(name)),
    isGuess,
    block: projections.has('gate') ? { ...block, gated: true } : block,
  };
}

/** A text may be a list with commas; a comma inside a pattern is part of the pattern. */
function splitNames(text: string): string[] {
  const names = isPattern(text) ? [text] : text.split(',');
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

/** Whether a text is a regular expression or a glob, and not the name of a module. Nobody writes a longer one. */
function isPattern(text: string): boolean {
  return text.length < 1_000 && /[\\^$*+?()[\]{}|]/.test(text);
}

/** Stands for a part of a name that the pattern leaves open. */
const ANY = '*';

/** Limit on the names of one pattern; further names are dropped. */
const MOST_NAMES = 512;

/**
 * Expands a pattern for modules into names: `.*\.(self_attn|mlp)\.(q|v)_proj` gives `*.self_attn.q_proj` and three
 * more, with {@link ANY} for open parts. It is never run, because expressions from a file may not end.
 */
function namesOfPattern(pattern: string): string[] {
  const text = pattern
    .replace(/\(\?<?[=!][^()]*\)|[\^$]|\\[bBAZz]/g, '')
    .replace(/(?:\[[^\]]*\]|\\[dDwWsS])[*+?]*|\\?\.[*+?]+/g, ANY)
    .replaceAll('\\', '');
  let names = [text];
  for (let left = text.split('(').length; left > 1 && names.length < MOST_NAMES; left--) {
    names = names.flatMap((name) => {
      const [group, inside = '', repeats] = /\((?:\?:|\?P?<\w+>)?([^()]*)\)([*+?]?)/.exec(name) ?? [];
      if (group === undefined) return [name];
      return (repeats ? [ANY] : inside.split('|')).map((one) => name.replace(group, () => one));
    });
  }
  return [...new Set(names.slice(0, MOST_NAMES).flatMap((name) => name.split('|')))];
}

/**
 * Looks up the longest known end of a dotted path: `mlp.c_proj` before `c_proj`. An open part before a name (`*q_proj`)
 * counts as its path. A name that is open itself may be any layer that starts or ends as it does.
 */
function atEnd(path: string): readonly Projection[] {
  const tail = path.slice(path.lastIndexOf(ANY) + 1).replace(/^\./, '');
  const parts = tail.split('.');
  for (const length of [4, 3, 2, 1]) {
    const known = BY_NAME.get(parts.slice(-length).join('.'));
    if (known) return known;
  }
  if (!path.includes(ANY)) return [];
  const head = tail === '' ? (path.split('.').at(-1) ?? '').replace(/\*.*/, '') : '';
  return [...BY_NAME].flatMap(([name, known]) => (name.startsWith(head) && name.endsWith(tail) ? known : []));
}

type BlockShape = Pick<BlockSpec, 'norm' | 'gated'>;

/** Llama and most later language models. */
const LLAMA: BlockShape = { norm: 'rms', gated: true };

/** GPT-2, BERT, OPT, GPT-NeoX, Whisper, and diffusion transformers (Flux, SD3, Wan). */
const GPT: BlockShape = { norm: 'layer', gated: false };

/** Stable Diffusion's attention blocks: LayerNorm and GEGLU (diffusers, `BasicTransformerBlock`). */
const DIFFUSERS: BlockShape = { norm: 'layer', gated: true };

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
