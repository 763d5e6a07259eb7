import * as l10n from '@vscode/l10n';
import type { Source, Tensor } from '../adapter';
import type { Contents, Wrong } from './safetensors';

/** ggml's numbers of the types that are read here. @see https://github.com/ggml-org/llama.cpp (ggml/include/ggml.h) */
const TYPES: Readonly<Record<number, readonly [dtype: string, bytes: number]>> = {
  0: ['F32', 4],
  1: ['F16', 2],
  28: ['F64', 8],
  30: ['BF16', 2],
};

/** The header of a GGUF adapter. Shapes are in the order of safetensors, the last is the fastest. */
export async function readGguf(source: Source): Promise<Contents | Wrong> {
  // Loaded where a .gguf is opened.
  const { gguf } = await import('@huggingface/gguf');
  try {
    const fetched = await gguf(`https://localhost/${encodeURIComponent(source.name)}`, { fetch: fetchOf(source) });
    const start = Number(fetched.tensorDataOffset);
    const tensors = fetched.tensorInfos.map(({ name, shape, dtype, offset }): Tensor => {
      const [type, bytes] = TYPES[dtype] ?? [`ggml ${dtype}`, 0];
      const sizes = shape.map(Number).toReversed();
      const length = sizes.reduce((product, n) => product * n, bytes);
      return { key: keyOf(name), dtype: type, shape: sizes, source, at: { offset: start + Number(offset), length } };
    });
    const beyond = tensors.find(({ at }) => at.offset + at.length > source.size);
    if (beyond) return wrong(source, l10n.t`${beyond.key} ends behind the end of the file`);
    const rows = Object.entries(fetched.metadata).map(([key, value]): [string, string] => [key, String(value)]);
    return { tensors, metadata: Object.fromEntries(rows.filter(([, value]) => value.length < 10_000)) };
  } catch (error) {
    return wrong(source, error instanceof Error ? error.message : String(error));
  }
}

const wrong = ({ name }: Source, why: string): Wrong => ({ wrong: l10n.t`${name} is no readable .gguf file: ${why}.` });

/** `blk.0.attn_q.weight.lora_a` as a module and its part. */
const keyOf = (name: string): string => name.replace(/\.weight\.(lora_[ab])$/, '.$1');

/** The package reads ranges over HTTP: this answers them from the source. */
const fetchOf =
  (source: Source): typeof fetch =>
  async (_url, init) => {
    const range = new Headers(init?.headers).get('range') ?? '';
    const [from = 0, to = 0] = /(\d+)-(\d+)/.exec(range)?.slice(1).map(Number) ?? [];
    const end = Math.min(to + 1, source.size);
    const bytes = from < end ? await source.read(from, end - from) : new Uint8Array();
    const body = new Uint8Array(bytes);
    return new Response(body, { headers: { 'content-range': `bytes ${from}-${end - 1}/${source.size}` } });
  };
