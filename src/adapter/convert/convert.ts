import type { Adapter } from '../adapter';
import { DIFFUSERS_METADATA, HEADER_ALPHA } from '../config';
import { bitsOf, noRounding, type Rounding } from '../files/dtype';
import type { Wrong } from '../files/safetensors';
import { inGroups, mostFrequent } from '../groups';
import { planConversion, type Goal, type Job, type Plan } from './plan';
import { tensorsOf, type Made } from './tensors';

/** A conversion that is ready to be written: a header, then the bytes of each tensor. */
export interface Conversion extends Plan {
  readonly header: Uint8Array;
  readonly tensors: readonly Made[];
  /** adapter_config.json; null where the layout has none. */
  readonly config: Readonly<Record<string, unknown>> | null;
  /** Counted while tensors are made. */
  readonly rounding: Rounding;
}

export async function convert(adapter: Adapter, goal: Goal): Promise<Conversion | Wrong> {
  const plan = await planConversion(adapter, goal);
  if ('wrong' in plan) return plan;
  const rounding = noRounding();
  const tensors = tensorsOf(adapter, plan, rounding);
  return {
    ...plan,
    header: headerOf(tensors, metadataOf(adapter, plan)),
    tensors,
    config: configOf(adapter, plan),
    rounding,
  };
}

/** Whether every number is a power of two times what it was, so that ΔW is the same in every bit. */
export function isExact({ jobs, rounding }: Conversion): boolean {
  const isPower = (x: number): boolean => Number.isInteger(Math.log2(x)) && 2 ** Math.log2(x) === x;
  const keeps = jobs.every(({ factor, from, to, cut }) => cut === null && isPower(factor) && factor * to === from);
  return keeps && rounding.changed === 0;
}

const bytesOfMade = ({ dtype, shape }: Made): number => shape.reduce((product, n) => product * n, bitsOf(dtype)) / 8;

/** The header of a .safetensors file, padded to a multiple of eight bytes as the library does. */
function headerOf(tensors: readonly Made[], metadata: Readonly<Record<string, string>>): Uint8Array {
  let at = 0;
  const entries = tensors.map((tensor) => {
    const range = [at, (at += bytesOfMade(tensor))];
    return [tensor.key, { dtype: tensor.dtype, shape: tensor.shape, data_offsets: range }] as const;
  });
  const about = Object.keys(metadata).length > 0 ? [['__metadata__', metadata] as const] : [];
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries([...about, ...entries])));
  const header = new Uint8Array(8 + Math.ceil(text.length / 8) * 8).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - 8), true);
  header.set(text, 8);
  return header;
}

/** Hashes of the old tensors. */
const STALE = ['sshs_model_hash', 'sshs_legacy_hash'];

/** The metadata is kept, but for what would be false of the new tensors. */
function metadataOf({ metadata }: Adapter, { layout, jobs }: Plan): Readonly<Record<string, string>> {
  const [rank, alpha] = [one(jobs, (job) => job.rank), one(jobs, (job) => job.alpha)];
  const kept = Object.entries(metadata).flatMap(([key, text]): [string, string][] => {
    if (key === DIFFUSERS_METADATA || STALE.includes(key)) return [];
    const value = key === 'ss_network_dim' ? rank : HEADER_ALPHA.includes(key) ? alpha : undefined;
    const isSaid = text === 'Dynamic' || Number.isFinite(Number(text || NaN));
    const isFalse = value !== undefined && isSaid && Number(text) !== value;
    return [[key, isFalse ? String(value ?? 'Dynamic') : text]];
  });
  return {
    ...Object.fromEntries(kept),
    ...(layout === 'peft' || layout === 'diffusers' ? { format: 'pt' } : {}),
    ...(layout === 'diffusers' ? { [DIFFUSERS_METADATA]: JSON.stringify(componentsOf(jobs)) } : {}),
  };
}

/**
 * A LoraConfig for each component, with alpha = rank: the scaling is 1 also for those who do not read this.
 * @see https://github.com/huggingface/diffusers (src/diffusers/utils/peft_utils.py: _create_lora_config)
 */
function componentsOf(jobs: readonly Job[]): Record<string, unknown> {
  const componentOf = ({ stem }: Job): string => stem.slice(0, stem.indexOf('.'));
  const rows = inGroups(jobs, componentOf).flatMap((own) => {
    const component = componentOf(own[0]);
    const r = usual(own, ({ rank }) => rank);
    const name = ({ stem }: Job): string => stem.slice(component.length + 1);
    const others = own.filter(({ rank }) => rank !== r).map((job) => [`^${name(job)}`, job.rank] as const);
    const pattern = Object.fromEntries(others);
    const said = {
      ...{ r, lora_alpha: r, target_modules: own.map(name), rank_pattern: pattern, alpha_pattern: pattern },
      use_dora: own.some(({ module }) => module.magnitude !== null),
      lora_bias: own.some(({ module }) => module.biasB !== null),
    };
    return Object.entries(said).map(([key, value]) => [`${component}.${key}`, value] as const);
  });
  return Object.fromEntries(rows);
}

/** What all jobs have; null where they differ. */
function one(jobs: readonly Job[], of: (job: Job) => number): number | null {
  const [first = null, ...others] = new Set(jobs.map(of));
  return others.length === 0 ? first : null;
}

/** The value of most jobs. */
const usual = (jobs: readonly Job[], of: (job: Job) => number): number => mostFrequent(jobs.map(of)) ?? 0;

/** adapter_config.json of the new adapter; null where the layout has none. */
function configOf({ config }: Adapter, { goal, layout, jobs, useRslora }: Plan): Record<string, unknown> | null {
  const base = config?.base ?? null;
  if (layout === 'mlx') {
    const [scale, rank] = [usual(jobs, ({ to }) => to), usual(jobs, (job) => job.rank)];
    // Names inside a block, or of what is in none. All blocks are adapted, and those without tensors do nothing.
    const keys = [...new Set(jobs.map(({ stem }) => stem.replace(/^.*\.layers\.\d+\./, '')))];
    const before = typeof config?.scale !== 'number' ? { num_layers: -1 } : config.raw;
    // Ollama divides alpha by the rank; mlx-lm reads scale alone.
    const parameters = { rank, dropout: 0, scale, keys, ...(scale === 1 && { alpha: rank }) };
    return { fine_tune_type: 'lora', ...(base !== null && { model: base }), ...before, lora_parameters: parameters };
  }
  if (layout !== 'peft') return null;
  const [r, alpha] = [usual(jobs, ({ rank }) => rank), usual(jobs, (job) => job.alpha)];
  // Keys of patterns are regexes of PEFT: a whole name matches itself.
  const pattern = (of: (job: Job) => number, common: number): Record<string, number> =>
    Object.fromEntries(jobs.filter((job) => of(job) !== common).map((job) => [nameIn(job), of(job)]));
  const isOwn = config !== null && 'peft_type' in config.raw;
  const fresh = {
    ...{ peft_type: 'LORA', task_type: null, base_model_name_or_path: base, bias: 'none', inference_mode: true },
    ...{ lora_dropout: 0, fan_in_fan_out: false, init_lora_weights: true, modules_to_save: null },
    target_modules: [...new Set(jobs.map(nameIn))],
  };
  return {
    ...(isOwn ? config.raw : fresh),
    ...{ r, lora_alpha: alpha, use_rslora: useRslora },
    rank_pattern: pattern(({ rank }) => rank, r),
    alpha_pattern: pattern((job) => job.alpha, alpha),
    ...(goal.portable && { use_dora: false, init_lora_weights: true, bias: 'none', modules_to_save: null }),
  };
}

const nameIn = ({ stem }: Job): string => stem.replace(/^base_model\.model\./, '');
