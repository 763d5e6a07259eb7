import type { AdapterModule, Layout, Tensor } from '../adapter';

/** What a tensor is to its module. `whole` trains a tensor of the model itself; `unknown` is none of these. */
export type Part =
  'a' | 'b' | 'alpha' | 'magnitude' | 'biasB' | 'mid' | 'embeddingA' | 'embeddingB' | 'loha' | 'lokr' | 'whole';

/** How the last part of a key is spelled; several layouts share a spelling. */
type Spelling = 'peft' | 'dotted-down' | 'down' | 'lower' | 'lower-weight' | 'linear-in' | 'any';

/** What keys end in, the spelling that is written first. Where each is written: docs of the layouts in README.md. */
const SPELLINGS: Readonly<Record<Spelling, Partial<Record<Part, string>>>> = {
  peft: {
    a: '.lora_A.weight .lora_A.default.weight',
    b: '.lora_B.weight .lora_B.default.weight',
    biasB: '.lora_B.bias',
    embeddingA: '.lora_embedding_A',
    embeddingB: '.lora_embedding_B',
    magnitude: '.lora_magnitude_vector .lora_magnitude_vector.weight',
  },
  'dotted-down': {
    a: '.lora.down.weight _lora.down.weight .lora_linear_layer.down.weight',
    b: '.lora.up.weight _lora.up.weight .lora_linear_layer.up.weight',
  },
  down: {
    a: '.lora_down.weight',
    b: '.lora_up.weight',
    mid: '.lora_mid.weight',
    loha: '.hada_w1_a .hada_w1_b .hada_w2_a .hada_w2_b .hada_t1 .hada_t2',
    lokr: '.lokr_w1 .lokr_w1_a .lokr_w1_b .lokr_w2 .lokr_w2_a .lokr_w2_b .lokr_t2',
  },
  lower: { a: '.lora_a', b: '.lora_b' },
  'lower-weight': { a: '.lora_a.weight', b: '.lora_b.weight' },
  'linear-in': { a: '.linear_in.weight', b: '.linear_out.weight' },
  any: { alpha: '.alpha', magnitude: '.dora_scale .magnitude .m', whole: '.diff .diff_b .w_norm .b_norm' },
};

const ENDINGS = Object.entries(SPELLINGS).flatMap(([spelling, parts]) =>
  Object.entries(parts).flatMap(([part, endings]) =>
    endings.split(' ').map((ending) => ({ ending, part: part as Part, spelling: spelling as Spelling })),
  ),
);

/** What stands in front of a module's name, by layout or trainer. */
const PREFIX = new RegExp(
  '^(?:base_model\\.model\\.|diffusion_model\\.|text_encoders?(?:_[23])?\\.|transformer\\.|unet\\.' +
    '|(?:lora|lycoris)_(?:(?:unet|prior_unet|transformer|te[123]?)_)?)',
);

export interface Name {
  prefix: string;
  module: string;
  part: Part;
  spelling: Spelling;
  ending: string;
}

/** A key taken apart; null where it belongs to no LoRA. */
export function nameOf(key: string): Name | null {
  const found = ENDINGS.find(({ ending }) => key.endsWith(ending));
  if (!found) return null;
  const stem = key.slice(0, -found.ending.length);
  const prefix = PREFIX.exec(stem)?.[0] ?? '';
  return { ...found, prefix, module: stem.slice(prefix.length) };
}

/** Layouts with a tensor of alpha. */
export const WITH_ALPHA: readonly Layout[] = ['kohya', 'lycoris', 'onetrainer'];

const written = (spelling: Spelling, part: Part): string => SPELLINGS[spelling][part]?.split(' ')[0] ?? '';

/** What stands behind a module's stem where a layout is written. */
export function endingsIn(layout: Layout, { kind }: AdapterModule): { a: string; b: string; alpha: string } {
  const spelling = layout === 'mlx' ? 'lower' : WITH_ALPHA.includes(layout) ? 'down' : 'peft';
  const isTable = layout === 'peft' && kind === 'embedding';
  return {
    a: written(spelling, isTable ? 'embeddingA' : 'a'),
    b: written(spelling, isTable ? 'embeddingB' : 'b'),
    alpha: spelling === 'down' ? written('any', 'alpha') : '',
  };
}

/**
 * PEFT saves the base's embedding beside a LoRA of it.
 * @see https://github.com/huggingface/peft (src/peft/utils/save_and_load.py: get_peft_model_state_dict)
 */
export const isBaseCopy = ({ key }: Pick<Tensor, 'key'>): boolean => /\.base_layer\.(?:weight|bias)$/.test(key);

/**
 * The layout of a .safetensors file, by its names and the metadata.
 * @param hasMlxConfig whether an adapter_config.json with `lora_parameters` lies beside it
 */
export function layoutOf(
  names: readonly Name[],
  metadata: Readonly<Record<string, string>>,
  hasMlxConfig: boolean,
): Layout {
  // Words of spellings, of parts, and prefixes are different ones.
  const found = new Set(names.flatMap(({ spelling, part, prefix }) => [spelling, part, prefix] as string[]));
  const has = (...some: readonly string[]): boolean => some.some((each) => found.has(each));
  const begins = (start: RegExp): boolean => names.some(({ prefix }) => start.test(prefix));
  if (has('lower') || hasMlxConfig) return 'mlx';
  if (has('lower-weight')) return 'torchtune';
  if (has('linear-in')) return 'nemo';
  const isOneTrainer = Object.keys(metadata).some((key) => key.startsWith('ot_'));
  if (begins(/^(?:lora|lycoris)_/)) {
    if (isOneTrainer || has('lora_transformer_')) return 'onetrainer';
    const isLycoris = /lycoris/.test(metadata['ss_network_module'] ?? '') || begins(/^lycoris_/);
    return isLycoris || has('loha', 'lokr') ? 'lycoris' : 'kohya';
  }
  if (has('dotted-down')) return 'diffusers-old';
  if (has('down')) return isOneTrainer ? 'onetrainer' : 'kohya';
  if (!has('peft')) return 'unknown';
  if (has('base_model.model.')) return 'peft';
  if (isOneTrainer || (has('alpha') && has('diffusion_model.', ''))) return 'onetrainer';
  const isAiToolkit = Object.values(metadata).some((value) => value.slice(0, 400).includes('ai-toolkit'));
  if (has('diffusion_model.') || isAiToolkit) return 'ai-toolkit';
  return begins(/./) ? 'diffusers' : 'peft';
}
