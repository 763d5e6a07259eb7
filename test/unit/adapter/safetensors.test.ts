import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Source } from '../../../src/adapter/adapter';
import { readSafetensors } from '../../../src/adapter/files/safetensors';
import { bytesSource } from '../../../src/adapter/files/source';
import { openAdapter } from '../../../src/adapter/open';
import { peftEntries, raw, safetensors } from '../../support/adapter-files';
import { gguf } from './gguf-file';

const entry = (from: number, to: number, shape = [to - from], dtype = 'U8'): object => ({
  ...{ dtype, shape },
  data_offsets: [from, to],
});

it('reads tensors in the order of their bytes, and the metadata', async () => {
  const source = safetensors(
    { 'b.lora_A.weight': { shape: [2, 3], dtype: 'BF16' }, __proto__x: { shape: [] } },
    { a: '1' },
  );
  expect(await readSafetensors(source)).toMatchObject({
    metadata: { a: '1' },
    tensors: [
      { key: 'b.lora_A.weight', dtype: 'BF16', shape: [2, 3], at: { length: 12 } },
      { key: '__proto__x', dtype: 'F32', shape: [], at: { length: 4 } },
    ],
  });
});

it.each([
  ['an empty file', bytesSource('x.safetensors', new Uint8Array()), 'shorter than the length'],
  ['a header of 100 MB', bytesSource('x.safetensors', Uint8Array.of(0, 225, 245, 5, 0, 0, 0, 0)), '100000000 bytes'],
  ['a header of 2^63 bytes', bytesSource('x.safetensors', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 128)), 'its header has'],
  [
    'a header that ends behind the file',
    bytesSource('x.safetensors', Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0)),
    'behind the end',
  ],
  ['no JSON', raw('{"a": }'), 'not a JSON object'],
  ['a comment', raw('{} // yes'), 'not a JSON object'],
  ['deep lists', raw('['.repeat(100_000)), 'nested too deep'],
  ['deep maps', raw(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`), 'nested too deep'],
  ['a list', raw('[]'), 'not a JSON object'],
  ['a number in the metadata', raw('{"__metadata__": {"rank": 8}}'), 'not a map of texts'],
  ['a key twice', raw('{"a": 1, "a": 2}'), 'has a twice'],
  ['a key twice in the metadata', raw('{"__metadata__": {"r": "1", "r": "2"}}'), 'has r twice'],
  ['an unknown type', raw('{"a": {"dtype": "toString", "shape": [], "data_offsets": [0, 0]}}'), 'type of a'],
  ['a negative size', raw(JSON.stringify({ a: entry(0, 1, [-1]) }), [Uint8Array.of(1)]), 'shape of a'],
  ['a size that is no number', raw('{"a": {"dtype": "U8", "shape": ["1"], "data_offsets": [0, 1]}}'), 'shape of a'],
  ['offsets that run back', raw(JSON.stringify({ a: entry(4, 0, [4]) })), 'offsets of a'],
  ['more than two offsets', raw('{"a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1, 2]}}'), 'offsets of a'],
  [
    'too few bytes for the shape',
    raw(JSON.stringify({ a: entry(0, 2, [2], 'F32') }), [new Uint8Array(2)]),
    'needs 8 bytes',
  ],
  ['sizes whose product is too large', raw(JSON.stringify({ a: entry(0, 8, [2 ** 40, 2 ** 40]) })), 'a needs'],
  ['overlapping tensors', raw(JSON.stringify({ a: entry(0, 3), b: entry(2, 4) }), [new Uint8Array(4)]), 'b overlap'],
  ['a hole', raw(JSON.stringify({ a: entry(0, 1), b: entry(2, 3) }), [new Uint8Array(3)]), 'before those of b'],
  ['a file that was cut', raw(JSON.stringify({ a: entry(0, 9) }), [new Uint8Array(4)]), 'need'],
  ['bytes behind the last tensor', raw(JSON.stringify({ a: entry(0, 1) }), [new Uint8Array(4)]), 'behind the last'],
])('refuses %s with one sentence', async (_what, source, part) => {
  const read = await readSafetensors(source);
  expect(read).toEqual({ wrong: expect.stringContaining(part) as string });
});

it('answers every header: with tensors inside the file, or with a sentence', async () => {
  const whole = fc.oneof(fc.integer({ min: -2, max: 40 }), fc.constant(2 ** 53), fc.double(), fc.string());
  const tensor = fc.record({
    dtype: fc.constantFrom('F32', 'BF16', 'U8', 'F4', 'X', 8),
    shape: fc.oneof(fc.array(whole, { maxLength: 3 }), whole),
    data_offsets: fc.oneof(fc.array(whole, { maxLength: 3 }), whole),
  });
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    fc.dictionary(fc.string(), tensor).map((header) => JSON.stringify(header)),
  );
  await fc.assert(
    fc.asyncProperty(texts, fc.uint8Array({ maxLength: 64 }), async (text, bytes) => {
      const source = raw(text, [bytes]);
      const read = await readSafetensors(source);
      if ('wrong' in read) expect(read.wrong).toMatch(/^adapter_model\.safetensors is no readable/);
      else for (const { at } of read.tensors) expect(at.offset + at.length).toBeLessThanOrEqual(source.size);
    }),
  );
});

it('answers every file of bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), fc.nat(60), async (bytes, length) => {
      const start = Uint8Array.of(length, 0, 0, 0, 0, 0, 0, 0);
      const read = await readSafetensors(bytesSource('x.safetensors', Uint8Array.from([...start, ...bytes])));
      expect(read).toBeTypeOf('object');
    }),
  );
});

it.each<[format: string, whole: Source]>([
  ['.safetensors', safetensors(peftEntries([2, 2]))],
  ['.gguf', gguf(8)],
])(
  'answers every damaged %s file: with tensors inside it, or with a sentence',
  async (_format, { name, size, read }) => {
    const whole = await read(0, size);
    const damage = fc.record({ end: fc.nat(size), at: fc.nat(size - 1), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(damage, async ({ end, at, byte }) => {
        const bytes = whole.slice(0, Math.max(end, size - 20));
        bytes[at] = byte;
        const adapter = await openAdapter([bytesSource(name, bytes)]);
        if ('wrong' in adapter) expect(adapter.wrong).toContain(name);
        const { modules, saved } = 'wrong' in adapter ? { modules: [], saved: [] } : adapter;
        const tensors = [...modules.flatMap(({ a, b }) => [a, b]), ...saved];
        for (const { at: range } of tensors) expect(range.offset + range.length).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 300 },
    );
  },
);
