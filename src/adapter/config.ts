import { isRecord, parsed, type Values } from './files/json';

type Numbers = Readonly<Record<string, number>>;

const numberOf = (value: unknown): number | null => (Number.isFinite(value) ? Number(value) : null);
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const isPattern = (row: [string, unknown]): row is [string, number] => typeof row[1] === 'number';
const patternOf = (value: unknown): Numbers =>
  Object.fromEntries(Object.entries(isRecord(value) ? value : {}).filter(isPattern));

/** What is said of an adapter as a whole: in adapter_config.json, or in the header's metadata. */
export interface AdapterConfig {
  /** The file's name, or the key of the metadata. */
  readonly from: string;
  /** All that was written. */
  readonly raw: Values;
  readonly r: number | null;
  readonly alpha: number | null;
  /** mlx-lm's, in place of alpha. Before June 2024 it multiplied by scale · alpha/rank, and wrote alpha. */
  readonly scale: number | null;
  readonly useRslora: boolean;
  readonly useDora: boolean;
  readonly loraBias: boolean;
  /** `none`, `all` or `lora_only`. */
  readonly bias: string;
  readonly rankPattern: Numbers;
  readonly alphaPattern: Numbers;
  /** `init_lora_weights`: `true`, `gaussian`, `pissa` … as text. */
  readonly init: string;
  readonly modulesToSave: readonly string[];
  readonly base: string | null;
}

/**
 * What an adapter_config.json says: PEFT's LoraConfig, or mlx-lm's file with `lora_parameters`.
 * @see https://github.com/huggingface/peft (src/peft/tuners/lora/config.py)
 * @see https://github.com/ml-explore/mlx-lm (mlx_lm/tuner/utils.py)
 */
export function configOf(from: string, raw: Values): AdapterConfig {
  const { lora_parameters: parameters, init_lora_weights: init, modules_to_save: saved } = raw;
  const mlx = isRecord(parameters) ? parameters : null;
  return {
    ...{ from, raw, scale: numberOf(mlx?.['scale']) },
    r: numberOf(mlx ? mlx['rank'] : raw['r']),
    alpha: numberOf(mlx ? mlx['alpha'] : raw['lora_alpha']),
    useRslora: raw['use_rslora'] === true,
    useDora: raw['use_dora'] === true || raw['fine_tune_type'] === 'dora',
    loraBias: raw['lora_bias'] === true,
    bias: textOf(raw['bias']) ?? 'none',
    rankPattern: patternOf(raw['rank_pattern']),
    alphaPattern: patternOf(raw['alpha_pattern']),
    init: typeof init === 'string' ? init : String(init ?? true),
    modulesToSave: Array.isArray(saved) ? saved.map(String) : [],
    base: textOf(raw['base_model_name_or_path']) ?? textOf(raw['model']),
  };
}

export const DIFFUSERS_METADATA = 'lora_adapter_metadata';

/**
 * diffusers' metadata: keys `<component>.<field of LoraConfig>`, a config for each component.
 * @see https://github.com/huggingface/diffusers (src/diffusers/loaders/lora_base.py: _pack_dict_with_prefix)
 */
export function configsOfMetadata(metadata: Readonly<Record<string, string>>): ReadonlyMap<string, AdapterConfig> {
  const parts = new Map<string, Record<string, unknown>>();
  for (const [key, value] of Object.entries(parsed(metadata[DIFFUSERS_METADATA] ?? '') ?? {})) {
    const dot = key.indexOf('.');
    const component = key.slice(0, Math.max(dot, 0));
    parts.set(component, { ...parts.get(component), [key.slice(dot + 1)]: value });
  }
  return new Map([...parts].map(([component, raw]) => [`${component}.`, configOf(DIFFUSERS_METADATA, raw)]));
}

/** Keys of a header that some trainers write alpha under; most engines read none of them. */
export const HEADER_ALPHA = ['ss_network_alpha', 'lora_alpha', 'network_alpha', 'alpha'];

/** Alpha in a header's metadata; null where there is none. */
export function headerAlpha(metadata: Readonly<Record<string, string>>): { key: string; alpha: number } | null {
  const found = HEADER_ALPHA.map((key) => ({ key, alpha: Number(metadata[key] || NaN) }));
  return found.find(({ alpha }) => Number.isFinite(alpha)) ?? null;
}

/** A repeated group can take forever on a name that does not match. */
const SLOW = /\)[*+{]|[*+}]\??[*+{]/;
/** What Python's regexes read otherwise than JavaScript's, without an error. */
const PYTHON = /\\[AZ]|\{,/;

/**
 * The entry of a pattern that a module matches: the first key that its name, or the end of its name behind a dot,
 * matches as a regex; else the name itself.
 * @see https://github.com/huggingface/peft (src/peft/utils/other.py: get_pattern_key)
 */
export const patternKey = (pattern: Numbers, module: string): string =>
  Object.keys(pattern).find((key) => regexOf(key)?.test(module)) ?? module;

const regexes = new Map<string, RegExp | null>();
function regexOf(key: string): RegExp | null {
  const known = regexes.get(key);
  if (known !== undefined) return known;
  let made: RegExp | null = null;
  try {
    if (key.length <= 500 && !SLOW.test(key) && !PYTHON.test(key)) made = new RegExp(`^(.*\\.)?(${key})$`);
  } catch {
    // Not a regex of JavaScript.
  }
  regexes.set(key, made);
  return made;
}

/** Fields of PEFT's config that change what a LoRA does, beside those that have a name of their own here. */
const OTHER_FIELDS = [
  ...['fan_in_fan_out', 'target_parameters', 'layer_replication', 'alora_invocation_tokens', 'trainable_token_indices'],
  ...['use_bdlora', 'use_qalora', 'arrow_config', 'kasa_config', 'monteclora_config'],
];
const isSet = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== false;

/** Those of them that are set. */
export const otherFields = (config: AdapterConfig | null): readonly string[] =>
  OTHER_FIELDS.filter((key) => isSet(config?.raw[key]));

/** Keys of patterns that are not read here: a regex of Python's alone, or a slow one. */
export const unreadPatterns = ({ rankPattern, alphaPattern }: AdapterConfig): readonly string[] =>
  [...Object.keys(rankPattern), ...Object.keys(alphaPattern)].filter((key) => regexOf(key) === null);
