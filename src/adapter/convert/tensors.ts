import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Adapter, AdapterModule, Dtype, Tensor } from '../adapter';
import { factorsOf, type Rows } from '../factors';
import { bitsOf, bytesFrom, bytesPer, converted, isFloat, rounded, type Float, type Rounding } from '../files/dtype';
import { bytesOf } from '../files/source';
import { endingsIn } from './names';
import type { Job, Plan } from './plan';
import { probesOf, product, type Applied } from './probes';
import { flat, padded, shrunk } from './resize';

/** A tensor to be written. */
export interface Made {
  readonly key: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  chunks(): AsyncIterable<Uint8Array>;
}

/** Bytes that are read, converted and written at once. */
const CHUNK = 4 * 1024 * 1024;

/** A tensor of the source, each number times `factor` and in another type; one without a type to go to is copied. */
async function* scaled(
  tensor: Tensor,
  to: Float | null,
  factor: number,
  rounding: Rounding,
): AsyncIterable<Uint8Array> {
  for (let at = 0; at < tensor.at.length; at += CHUNK) {
    const bytes = await bytesOf(tensor, at, Math.min(CHUNK, tensor.at.length - at));
    yield to !== null && isFloat(tensor.dtype) ? converted(bytes, tensor.dtype, to, factor, rounding) : bytes;
  }
}

/** What the tensors of a conversion have in common. */
export interface Making {
  plan: Plan;
  dtype: Float | undefined;
  /** New rows of A are zeros, not drawn. */
  hasZeros: boolean;
  rounding: Rounding;
  /** B·A·x of each module that shrank, by which the file is checked. */
  cut: Map<AdapterModule, Applied>;
}

/** All tensors, in the order in which the library `safetensors` writes them: by size of their numbers, then by name. */
export function tensorsOf({ layout, saved, modules }: Adapter, making: Making): readonly Made[] {
  const made = making.plan.jobs.flatMap((job) => tensorsOfJob(job, layout, making));
  const others = [...saved, ...modules.flatMap(({ magnitude }) => magnitude ?? [])];
  const copied = others.map((tensor): Made => ({ ...tensor, chunks: () => scaled(tensor, null, 1, making.rounding) }));
  const order = (one: Made, other: Made): number =>
    bitsOf(other.dtype) - bitsOf(one.dtype) || (one.key < other.key ? -1 : 1);
  return [...made, ...copied].toSorted(order);
}

function tensorsOfJob(job: Job, before: Adapter['layout'], making: Making): readonly Made[] {
  const { module, stem, rank, factor, alpha } = job;
  const { plan, dtype, rounding } = making;
  const { a, b, biasB, alphaTensor } = module;
  // PEFT's own loader knows one spelling.
  const isSame = plan.layout === before && before !== 'peft';
  const ends = endingsIn(plan.layout, module);
  const [keyA, keyB] = isSame ? [a.key, b.key] : [`${stem}${ends.a}`, `${stem}${ends.b}`];
  const isTurned = (plan.layout === 'mlx') !== module.isTransposed;
  const float = (tensor: Tensor): Float => dtype ?? (isFloat(tensor.dtype) ? tensor.dtype : 'F32');
  const common = (tensor: Tensor, key: string): Omit<Made, 'chunks'> => ({
    key,
    dtype: float(tensor),
    shape: tensor.shape,
  });
  const as = (tensor: Tensor, key: string, by: number): Made => ({
    ...common(tensor, key),
    chunks: () => scaled(tensor, float(tensor), by, rounding),
  });
  const pair =
    rank === module.rank && !isTurned
      ? [as(a, keyA, 1), as(b, keyB, factor)]
      : rebuilt(job, [keyA, keyB], isTurned, making);
  const alphaKey = isSame ? alphaTensor?.key : undefined;
  return [
    ...pair,
    ...(biasB ? [as(biasB, isSame ? biasB.key : `${stem}.lora_B.bias`, factor)] : []),
    ...(ends.alpha !== '' ? [alphaMade(alphaKey ?? `${stem}.alpha`, alpha, float(b), alphaTensor)] : []),
  ];
}

/** In the type of the weights where that holds it. */
function alphaMade(key: string, alpha: number, type: Float, before: Tensor | null): Made {
  const dtype = rounded(alpha, type) === alpha ? type : 'F32';
  const bytes = bytesFrom(Float64Array.of(alpha), 1, dtype, { changed: 0, overflowed: 0, underflowed: 0 });
  return {
    ...{ key, dtype, shape: before?.shape ?? [] },
    async *chunks() {
      yield await Promise.resolve(bytes);
    },
  };
}

/** A and B of another rank, or turned: made in memory, one module at a time. */
function rebuilt(job: Job, [keyA, keyB]: [string, string], isTurned: boolean, making: Making): readonly Made[] {
  const { module, rank, factor } = job;
  const { dtype, rounding } = making;
  const isTransposed = isTurned !== module.isTransposed;
  // B is made after A, so the factors of the last module are kept.
  let last: Promise<{ a: Rows; b: Rows }> | null = null;
  const factors = (): Promise<{ a: Rows; b: Rows }> => (last ??= resized(job, making));
  const side = (which: 'a' | 'b', key: string): Made => {
    const tensor = module[which];
    const float = dtype ?? (isFloat(tensor.dtype) ? tensor.dtype : 'F32');
    const isLast = isTransposed === (which === 'a');
    const isLastBefore = module.isTransposed === (which === 'a');
    const [first = 0, second = 0, ...rest] = isLastBefore === isLast ? tensor.shape : tensor.shape.toReversed();
    return {
      ...{ key, dtype: float },
      shape: isLast ? [first, rank, ...rest] : [rank, second, ...rest],
      async *chunks() {
        const by = which === 'b' ? factor : 1;
        if (rank === module.rank && isFloat(tensor.dtype)) {
          const bytes = transposed(await bytesOf(tensor), bytesPer(tensor.dtype), tensor.shape[0] ?? 0);
          return yield converted(bytes, tensor.dtype, float, by, rounding);
        }
        const rows = (await factors())[which];
        if (which === 'b') last = null;
        yield bytesFrom(flat(rows, isLast), by, float, rounding);
      },
    };
  };
  return [side('a', keyA), side('b', keyB)];
}

/** A matrix of numbers of `size` bytes, with its rows as columns. */
function transposed(bytes: Uint8Array, size: 2 | 4, rows: number): Uint8Array {
  const own = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const { buffer, byteOffset, length } = own;
  const before =
    size === 2 ? new Uint16Array(buffer, byteOffset, length / 2) : new Uint32Array(buffer, byteOffset, length / 4);
  const after = size === 2 ? new Uint16Array(before.length) : new Uint32Array(before.length);
  const columns = before.length / rows;
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) after[column * rows + row] = before[at++] ?? 0;
  }
  return new Uint8Array(after.buffer);
}

async function resized(job: Job, { hasZeros, cut, dtype }: Making): Promise<{ a: Rows; b: Rows }> {
  const { module, rank } = job;
  const factors = await factorsOf(module);
  if (!factors) throw new Error(`${module.name} is no product of two matrices`);
  if (rank < module.rank) {
    const less = await shrunk(factors, rank);
    if (!less) throw new Error(`${module.name} has numbers that are not finite`);
    const [a, b] = [flat(less.a, false), flat(less.b, true)];
    cut.set(module, product({ rank, isTransposed: false }, a, b, probesOf(module)));
    return less;
  }
  const a = padded(factors.a, rank);
  if (!hasZeros) draw(a.slice(module.rank), job.stem, dtype ?? 'BF16');
  return { a, b: padded(factors.b, rank) };
}

/**
 * PEFT's default init: uniform within ±1/√in (Kaiming's with a = √5), the same each time, in numbers of the type.
 * @see https://github.com/huggingface/peft (src/peft/tuners/lora/layer.py: reset_lora_parameters)
 */
function draw(rows: Rows, name: string, dtype: Float): void {
  const generator = xoroshiro128plus([...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 1));
  for (const row of rows) {
    const bound = 1 / Math.sqrt(row.length);
    for (let i = 0; i < row.length; i++) row[i] = rounded((2 * uniformFloat64(generator) - 1) * bound, dtype);
  }
}
