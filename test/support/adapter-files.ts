import type { Source } from '../../src/adapter/adapter';
import { bytesFrom, noRounding, type Float } from '../../src/adapter/files/dtype';
import { bytesSource } from '../../src/adapter/files/source';

/** A tensor's shape, with numbers that repeat from −2 to 2 in steps of 1/4, or given ones. */
export interface Entry {
  shape: readonly number[];
  dtype?: Float;
  numbers?: readonly number[];
}

/** A .safetensors file with these tensors, one after the other. */
export function safetensors(
  entries: Readonly<Record<string, Entry>>,
  metadata?: Readonly<Record<string, string>>,
  name = 'adapter_model.safetensors',
): Source {
  let at = 0;
  const parts: Uint8Array[] = [];
  const header = Object.entries(entries).map(([key, { shape, dtype = 'F32', numbers }], index) => {
    const count = shape.reduce((product, n) => product * n, 1);
    const values = numbers ?? Array.from({ length: count }, (_, i) => (((i * 7 + index * 5) % 17) - 8) / 4);
    const bytes = bytesFrom(Float64Array.from(values), 1, dtype, noRounding());
    parts.push(bytes);
    return [key, { dtype, shape, data_offsets: [at, (at += bytes.length)] }] as const;
  });
  return raw(
    JSON.stringify({ ...(metadata && { __metadata__: metadata }), ...Object.fromEntries(header) }),
    parts,
    name,
  );
}

/** A file with any text as its header. */
export function raw(header: string, parts: readonly Uint8Array[] = [], name = 'adapter_model.safetensors'): Source {
  const text = new TextEncoder().encode(header);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  const all = [length, text, ...parts];
  const bytes = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0));
  all.reduce((at, part) => (bytes.set(part, at), at + part.length), 0);
  return bytesSource(name, bytes);
}

export const config = (values: object): Source =>
  bytesSource('adapter_config.json', new TextEncoder().encode(JSON.stringify(values)));

/** Two modules of PEFT with the given ranks. */
export function peftEntries(ranks: readonly number[], dtype: Float = 'F32'): Record<string, Entry> {
  return Object.fromEntries(
    ranks.flatMap((rank, i) => {
      const stem = `base_model.model.layers.${i}.q_proj`;
      return [
        [`${stem}.lora_A.weight`, { shape: [rank, 6], dtype }],
        [`${stem}.lora_B.weight`, { shape: [5, rank], dtype }],
      ];
    }),
  );
}
