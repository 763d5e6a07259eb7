import type { Layout, Tensor } from '../adapter';

/** What a tensor is to its module. `whole` trains a tensor of the model itself; `unknown` is none of these. */
export type Part =
  'a' | 'b' | 'alpha' | 'magnitude' | 'biasB' | 'mid' | 'embeddingA' | 'embeddingB' | 'loha' | 'lokr' | 'whole';

/** How the last part of a key is spelled; several layouts share a spelling. */
type Spelling = 'peft' | 'down' | 'dotted-down' | 'lower' | 'lower-weight' | 'linear-in' | 'any';

type Ending = readonly [ending: string, part: Part, spelling: Spelling];

/** Longer endings come first where one ends in another. Where each is written: docs of the layouts in README.md. */
const ENDINGS: readonly Ending[] = [
  ['.lora_A.default.weight', 'a', 'peft'],
  ['.lora_B.default.weight', 'b', 'peft'],
  ['.lora_A.weight', 'a', 'peft'],
  ['.lora_B.weight', 'b', 'peft'],
  ['.lora_B.bias', 'biasB', 'peft'],
  ['.lora_embedding_A', 'embeddingA', 'peft'],
  ['.lora_embedding_B', 'embeddingB', 'peft'],
  ['.lora_magnitude_vector.weight', 'magnitude', 'peft'],
  ['.lora_magnitude_vector', 'magnitude', 'peft'],
  ['.lora_linear_layer.down.weight', 'a', 'dotted-down'],
  ['.lora_linear_layer.up.weight', 'b', 'dotted-down'],
  ['.lora.down.weight', 'a', 'dotted-down'],
  ['.lora.up.weight', 'b', 'dotted-down'],
  ['_lora.down.weight', 'a', 'dotted-down'],
  ['_lora.up.weight', 'b', 'dotted-down'],
  ['.lora_down.weight', 'a', 'down'],
  ['.lora_up.weight', 'b', 'down'],
  ['.lora_mid.weight', 'mid', 'down'],
  ['.lora_a.weight', 'a', 'lower-weight'],
  ['.lora_b.weight', 'b', 'lower-weight'],
  ['.lora_a', 'a', 'lower'],
  ['.lora_b', 'b', 'lower'],
  ['.linear_in.weight', 'a', 'linear-in'],
  ['.linear_out.weight', 'b', 'linear-in'],
  ['.alpha', 'alpha', 'any'],
  ['.dora_scale', 'magnitude', 'any'],
  ['.magnitude', 'magnitude', 'any'],
  ...['w1_a', 'w1_b', 'w2_a', 'w2_b', 't1', 't2'].map((end): Ending => [`.hada_${end}`, 'loha', 'down']),
  ...['w1', 'w1_a', 'w1_b', 'w2', 'w2_a', 'w2_b', 't2'].map((end): Ending => [`.lokr_${end}`, 'lokr', 'down']),
  ...['diff', 'diff_b', 'w_norm', 'b_norm'].map((end): Ending => [`.${end}`, 'whole', 'any']),
];

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
  const found = ENDINGS.find(([ending]) => key.endsWith(ending));
  if (!found)
    return key.endsWith('.m') ? { ...split(key.slice(0, -2)), part: 'magnitude', spelling: 'any', ending: '.m' } : null;
  const [ending, part, spelling] = found;
  return { ...split(key.slice(0, -ending.length)), part, spelling, ending };
}

/**
 * PEFT saves the base's embedding beside a LoRA of it.
 * @see https://github.com/huggingface/peft (src/peft/utils/save_and_load.py: get_peft_model_state_dict)
 */
export const isBaseCopy = ({ key }: Pick<Tensor, 'key'>): boolean => /\.base_layer\.(?:weight|bias)$/.test(key);

function split(stem: string): Pick<Name, 'prefix' | 'module'> {
  const prefix = PREFIX.exec(stem)?.[0] ?? '';
  return { prefix, module: stem.slice(prefix.length) };
}

/**
 * The layout of a .safetensors file, by its names and the metadata.
 * @param hasMlxConfig whether an adapter_config.json with `lora_parameters` lies beside it
 */
export function layoutOf(
  names: readonly Name[],
  metadata: Readonly<Record<string, string>>,
  hasMlxConfig: boolean,
): Layout {
  const has = (test: (name: Name) => boolean): boolean => names.some(test);
  const spelled = (spelling: Spelling): boolean => has((name) => name.spelling === spelling);
  const isFrom = (text: string): boolean => Object.values(metadata).some((value) => value.slice(0, 400).includes(text));
  if (spelled('lower') || hasMlxConfig) return 'mlx';
  if (spelled('lower-weight')) return 'torchtune';
  if (spelled('linear-in')) return 'nemo';
  const isOneTrainer = Object.keys(metadata).some((key) => key.startsWith('ot_'));
  const isLycoris = /lycoris/.test(metadata['ss_network_module'] ?? '');
  const underscored = has(({ prefix }) => /^(?:lora|lycoris)_/.test(prefix));
  if (underscored) {
    if (isOneTrainer || has(({ prefix }) => prefix === 'lora_transformer_')) return 'onetrainer';
    const isOther = has(({ part, prefix }) => part === 'loha' || part === 'lokr' || prefix.startsWith('lycoris_'));
    return isLycoris || isOther ? 'lycoris' : 'kohya';
  }
  if (spelled('dotted-down')) return 'diffusers-old';
  if (spelled('down')) return isOneTrainer ? 'onetrainer' : 'kohya';
  if (!spelled('peft')) return 'unknown';
  if (has(({ prefix }) => prefix === 'base_model.model.')) return 'peft';
  const hasAlpha = has(({ part }) => part === 'alpha');
  if (isOneTrainer || (hasAlpha && has(({ prefix }) => prefix === 'diffusion_model.' || prefix === '')))
    return 'onetrainer';
  if (isFrom('ai-toolkit') || has(({ prefix }) => prefix === 'diffusion_model.')) return 'ai-toolkit';
  return has(({ prefix }) => prefix !== '') ? 'diffusers' : 'peft';
}
