import { Buffer } from 'node:buffer';
import type { Source } from '../../../src/adapter/adapter';
import { bytesSource } from '../../../src/adapter/files/source';

/** A GGUF adapter of two modules of rank 2, as convert_lora_to_gguf.py writes it: types, then lengths, then values. */
export function gguf(alpha: number, name = 'adapter.gguf'): Source {
  const u32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer);
  const u64 = (value: number): Buffer => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
  const text = (value: string): Buffer => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
  const word = (key: string, value: string): Buffer => Buffer.concat([text(key), u32(8), text(value)]);
  const kept = [
    ...[word('general.type', 'adapter'), word('general.architecture', 'llama'), word('adapter.type', 'lora')],
    Buffer.concat([text('adapter.lora.alpha'), u32(6), Buffer.from(Float32Array.of(alpha).buffer)]),
  ];
  const tensors = [0, 1].flatMap((layer) => [
    { key: `blk.${layer}.attn_q.weight.lora_a`, sizes: [6, 2] },
    { key: `blk.${layer}.attn_q.weight.lora_b`, sizes: [2, 5] },
  ]);
  const infos = tensors.map(({ key, sizes }, i) =>
    Buffer.concat([text(key), u32(sizes.length), ...sizes.map(u64), u32(0), u64(64 * i)]),
  );
  const head = Buffer.concat([Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(kept.length), ...kept, ...infos]);
  // Tensors begin at multiples of 32 bytes.
  const padding = Buffer.alloc((32 - (head.length % 32)) % 32);
  const data = tensors.map((_, i) => Buffer.from(Float32Array.from({ length: 16 }, (_number, j) => i + j).buffer));
  return bytesSource(name, new Uint8Array(Buffer.concat([head, padding, ...data])));
}
