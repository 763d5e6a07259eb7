import type { Source } from '../../src/adapter/adapter';
import { config, safetensors, type Entry } from './adapter-files';

/** A small adapter of a language model, as PEFT saves one: eight layers, whose numbers are seeded and fall off as trained ones do. */

const LAYERS = 8;
const PARTS = ['q_proj', 'k_proj', 'v_proj', 'o_proj'];
const WIDE = 48;

function numbers(seed: number): () => number {
  let state = seed * 7919 + 1;
  return () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647 - 0.5;
  };
}

export const CONFIG = {
  ...{ peft_type: 'LORA', base_model_name_or_path: 'example/llama-8b', task_type: 'CAUSAL_LM', inference_mode: true },
  ...{ r: 16, lora_alpha: 16, use_rslora: true, target_modules: PARTS },
  ...{ rank_pattern: { 'layers.[0-3].self_attn.o_proj': 32 }, alpha_pattern: { v_proj: 32 } },
};

/** Weights and config. @param values replace those of the config, which decides the ranks */
export function adapterFolder(values: object = {}, metadata: Record<string, string> = RECIPE): [Source, Source] {
  const said = { ...CONFIG, ...values };
  const entries: Record<string, Entry> = {};
  for (let layer = 0; layer < LAYERS; layer++) {
    for (const [at, part] of PARTS.entries()) {
      const name = `layers.${layer}.self_attn.${part}`;
      const isWide = Object.keys(said.rank_pattern).some((key) => new RegExp(`(^|\\.)${key}$`).test(name));
      const rank = isWide ? 32 : said.r;
      const next = numbers(layer * PARTS.length + at);
      const fall = 0.12 + 0.05 * at;
      const size = 0.4 + 0.1 * layer;
      const a = Array.from({ length: rank * WIDE }, () => next());
      const b = Array.from({ length: WIDE * rank }, (_, i) => next() * size * Math.exp(-fall * (i % rank)));
      const stem = `base_model.model.model.${name}`;
      entries[`${stem}.lora_A.weight`] = { shape: [rank, WIDE], numbers: a };
      entries[`${stem}.lora_B.weight`] = { shape: [WIDE, rank], numbers: b };
    }
  }
  return [safetensors(entries, metadata), config(said)];
}

const RECIPE = { ss_learning_rate: '2e-4', ss_optimizer: 'AdamW', ss_steps: '1200', ss_seed: '42' };

/** Weights of a model, without LoRA. */
export const modelFile = (): Source =>
  safetensors(
    { 'model.embed_tokens.weight': { shape: [8, 4] }, 'model.norm.weight': { shape: [4] } },
    { format: 'pt' },
    'model.safetensors',
  );

/** The adapter of one attention layer as a text: all its bytes are ASCII, so that tests can write it as any other file. */
function adapterText(): string {
  const next = numbers(1);
  const stems = PARTS.map((part) => `base_model.model.model.layers.0.self_attn.${part}`);
  const names = stems.flatMap((stem) => [`${stem}.lora_A.weight`, `${stem}.lora_B.weight`]);
  const entries = names.map((name, i) => {
    const shape = i % 2 === 0 ? [16, WIDE] : [WIDE, 16];
    return [name, { dtype: 'F16', shape, data_offsets: [32 * WIDE * i, 32 * WIDE * (i + 1)] }] as const;
  });
  const header = JSON.stringify(Object.fromEntries(entries));
  // Both bytes of the length are below 128.
  const length = Math.ceil(header.length / 256) * 256 + 64;
  const begin = String.fromCharCode(length % 256, length >> 8, 0, 0, 0, 0, 0, 0);
  // Float16 from 0.1 to 1: the high byte of each number comes second.
  const byte = (i: number): number => (i % 2 === 0 ? 32 : 46) + Math.floor((next() + 0.5) * (i % 2 === 0 ? 90 : 13));
  const data = Array.from({ length: 32 * WIDE * names.length }, (_, i) => String.fromCharCode(byte(i)));
  return `${begin}${header.padEnd(length)}${data.join('')}`;
}

/** Its files: name → text. */
export const TRAINED_FILES = {
  'adapter_config.json': JSON.stringify({ ...CONFIG, rank_pattern: {} }, null, 2),
  'adapter_model.safetensors': adapterText(),
};

/** One module as llama.cpp's converter writes an adapter. @see https://github.com/ggml-org/ggml (docs/gguf.md) */
export function ggufFile(): Uint8Array {
  const bytes: number[] = [];
  const whole = (value: number, size: number): void => {
    for (let i = 0; i < size; i++) bytes.push(Math.floor(value / 256 ** i) % 256);
  };
  const text = (value: string): void => {
    whole(value.length, 8);
    bytes.push(...new TextEncoder().encode(value));
  };
  const float = (value: number): void => void bytes.push(...new Uint8Array(Float32Array.of(value).buffer));
  const shapes = { 'blk.0.attn_q.weight.lora_a': [6, 4], 'blk.0.attn_q.weight.lora_b': [4, 5] };
  bytes.push(...new TextEncoder().encode('GGUF'));
  [3, 2, 3].forEach((value, i) => whole(value, i === 0 ? 4 : 8));
  for (const [key, value] of Object.entries({ 'general.type': 'adapter', 'adapter.type': 'lora' })) {
    text(key);
    whole(8, 4);
    text(value);
  }
  text('adapter.lora.alpha');
  whole(6, 4);
  float(8);
  for (const [i, [name, shape]] of Object.entries(shapes).entries()) {
    text(name);
    whole(shape.length, 4);
    shape.forEach((size) => whole(size, 8));
    whole(0, 4);
    whole(i * 96, 8);
  }
  while (bytes.length % 32 > 0) bytes.push(0);
  for (let i = 0; i < 24 + 20; i++) float((i % 7) - 3);
  return Uint8Array.from(bytes);
}
