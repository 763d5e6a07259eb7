import * as l10n from '@vscode/l10n';
import type { AdapterConfig } from './adapter';

type Values = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const numberIn = (values: Values, key: string): number | null => {
  const value = values[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};
const textIn = (values: Values, key: string): string | null => {
  const value = values[key];
  return typeof value === 'string' && value !== '' ? value : null;
};
const patternIn = (values: Values, key: string): Readonly<Record<string, number>> => {
  const pattern = values[key];
  const rows = Object.entries(isRecord(pattern) ? pattern : {});
  return Object.fromEntries(rows.flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])));
};

/**
 * What an adapter_config.json says: PEFT's LoraConfig, or mlx-lm's file with `lora_parameters`.
 * @see https://github.com/huggingface/peft (src/peft/tuners/lora/config.py)
 * @see https://github.com/ml-explore/mlx-lm (mlx_lm/tuner/utils.py)
 */
export function configOf(from: string, raw: Values): AdapterConfig {
  const mlx = isRecord(raw['lora_parameters']) ? raw['lora_parameters'] : null;
  const init = raw['init_lora_weights'];
  const saved = raw['modules_to_save'];
  const [scale, rank] = mlx ? [numberIn(mlx, 'scale'), numberIn(mlx, 'rank')] : [null, null];
  // Before June 2024 mlx-lm multiplied by scale · alpha/rank, and wrote alpha.
  return {
    ...{ from, raw, scale },
    r: mlx ? rank : numberIn(raw, 'r'),
    alpha: mlx ? numberIn(mlx, 'alpha') : numberIn(raw, 'lora_alpha'),
    useRslora: raw['use_rslora'] === true,
    useDora: raw['use_dora'] === true || raw['fine_tune_type'] === 'dora',
    loraBias: raw['lora_bias'] === true,
    bias: textIn(raw, 'bias') ?? 'none',
    rankPattern: patternIn(raw, 'rank_pattern'),
    alphaPattern: patternIn(raw, 'alpha_pattern'),
    init: typeof init === 'string' ? init : String(init ?? true),
    modulesToSave: Array.isArray(saved) ? saved.map(String) : [],
    base: textIn(raw, 'base_model_name_or_path') ?? textIn(raw, 'model'),
  };
}

/** An adapter_config.json as text. */
export function readAdapterConfig(name: string, text: string): AdapterConfig | { wrong: string } {
  try {
    // Python's json.load refuses a byte order mark too.
    const raw: unknown = JSON.parse(text);
    if (isRecord(raw)) return configOf(name, raw);
  } catch {
    // Said below.
  }
  return { wrong: l10n.t`${name} is no JSON object.` };
}

export const DIFFUSERS_METADATA = 'lora_adapter_metadata';

/**
 * diffusers' metadata: keys `<component>.<field of LoraConfig>`, a config for each component.
 * @see https://github.com/huggingface/diffusers (src/diffusers/loaders/lora_base.py: _pack_dict_with_prefix)
 */
export function configsOfMetadata(metadata: Readonly<Record<string, string>>): ReadonlyMap<string, AdapterConfig> {
  const text = metadata[DIFFUSERS_METADATA];
  if (text === undefined) return new Map();
  const parts = new Map<string, Record<string, unknown>>();
  try {
    const raw: unknown = JSON.parse(text);
    for (const [key, value] of Object.entries(isRecord(raw) ? raw : {})) {
      const dot = key.indexOf('.');
      const component = key.slice(0, Math.max(dot, 0));
      parts.set(component, { ...parts.get(component), [key.slice(dot + 1)]: value });
    }
  } catch {
    return new Map();
  }
  return new Map([...parts].map(([component, raw]) => [`${component}.`, configOf(DIFFUSERS_METADATA, raw)]));
}

/** A repeated group can take forever on a name that does not match. */
const SLOW = /\)[*+{]|[*+}]\??[*+{]/;
/** What Python's regexes read otherwise than JavaScript's, without an error. */
const PYTHON = /\\[AZ]|\{,/;

/**
 * The entry of a pattern that a module matches: the first key that its name, or the end of its name behind a dot,
 * matches as a regex.
 * @see https://github.com/huggingface/peft (src/peft/utils/other.py: get_pattern_key)
 */
export function patternKey(pattern: Readonly<Record<string, number>>, module: string): string | null {
  return Object.keys(pattern).find((key) => regexOf(key)?.test(module)) ?? null;
}

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
