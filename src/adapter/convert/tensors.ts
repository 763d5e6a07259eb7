import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Adapter, Dtype, Tensor } from '../adapter';
import { combined, flat, rowsOf, type Rows } from '../factors';
import { bitsOf, bytesFrom, converted, isFloat, noRounding, rounded, type Float, type Rounding } from '../files/dtype';
import { bytesOf } from '../files/source';
import { endingsIn } from '../layouts/names';
import type { Job, Plan } from './plan';

/** A tensor to be written. */
export interface Made {
  readonly key: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  chunks(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Bytes that are read, converted and written at once. */
const CHUNK = 4 * 1024 * 1024;

/** All tensors, in the order in which the library `safetensors` writes them: by size of their numbers, then by name. */
export function tensorsOf({ layout, saved, modules }: Adapter, plan: Plan, rounding: Rounding): readonly Made[] {
  const made = plan.jobs.flatMap((job) => tensorsOfJob(job, layout, plan, rounding));
  const others = [...saved, ...modules.flatMap(({ magnitude }) => magnitude ?? [])];
  const copied = others.map((tensor): Made => ({ ...tensor, chunks: () => scaled(tensor, null, 1, rounding) }));
  const order = (one: Made, other: Made): number =>
    bitsOf(other.dtype) - bitsOf(one.dtype) || (one.key < other.key ? -1 : 1);
  return [...made, ...copied].toSorted(order);
}

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

function tensorsOfJob(
  { module, stem, rank, factor, alpha, cut }: Job,
  before: Adapter['layout'],
  { layout, goal }: Plan,
  rounding: Rounding,
): readonly Made[] {
  const { biasB, alphaTensor } = module;
  const { dtype, portable } = goal;
  // PEFT's own loader knows one spelling.
  const isSame = layout === before && before !== 'peft';
  const ends = endingsIn(layout, module);
  const typeOf = (tensor: Tensor): Float => dtype ?? (isFloat(tensor.dtype) ? tensor.dtype : 'F32');
  const as = (tensor: Tensor, key: string, by: number): Made => {
    const to = typeOf(tensor);
    return { key, dtype: to, shape: tensor.shape, chunks: () => scaled(tensor, to, by, rounding) };
  };
  const side = (which: 'a' | 'b'): Made => {
    const tensor = module[which];
    const by = which === 'b' ? factor : 1;
    const kept = as(tensor, isSame ? tensor.key : `${stem}${ends[which]}`, by);
    // mlx-lm has A as (in, rank) and B as (rank, out), other layouts have them turned.
    const isLast = (layout === 'mlx') === (which === 'a');
    const wasLast = module.isTransposed === (which === 'a');
    if (rank === module.rank && isLast === wasLast) return kept;
    const [first = 0, second = 0, ...rest] = wasLast === isLast ? tensor.shape : tensor.shape.toReversed();
    /** Made in memory, one tensor at a time. */
    async function* chunks(): AsyncIterable<Uint8Array> {
      const rows = (await rowsOf(tensor, module.rank, wasLast)) ?? [];
      const added = which === 'a' && !portable && goal.rank !== undefined ? drawn : zeros;
      const grown = (): Rows => [...rows, ...added(rank - module.rank, rows, stem, dtype ?? 'BF16')];
      yield bytesFrom(flat(cut ? combined(cut[which], rows) : grown(), isLast), by, typeOf(tensor), rounding);
    }
    return { ...kept, shape: isLast ? [first, rank, ...rest] : [rank, second, ...rest], chunks };
  };
  const alphaKey = (isSame ? alphaTensor?.key : null) ?? `${stem}${ends.alpha}`;
  return [
    ...[side('a'), side('b')],
    ...(biasB ? [as(biasB, isSame ? biasB.key : `${stem}.lora_B.bias`, factor)] : []),
    ...(ends.alpha !== '' ? [alphaMade(alphaKey, alpha, typeOf(module.b), alphaTensor?.shape ?? [])] : []),
  ];
}

/** In the type of the weights where that holds it. */
function alphaMade(key: string, alpha: number, type: Float, shape: readonly number[]): Made {
  const dtype = rounded(alpha, type) === alpha ? type : 'F32';
  return { key, dtype, shape, chunks: () => [bytesFrom(Float64Array.of(alpha), 1, dtype, noRounding())] };
}

const zeros = (count: number, [first]: Rows): Rows =>
  Array.from({ length: count }, () => new Float64Array(first?.length ?? 0));

/**
 * PEFT's default init: uniform within ±1/√in (Kaiming's with a = √5), the same each time, in numbers of the type.
 * @see https://github.com/huggingface/peft (src/peft/tuners/lora/layer.py: reset_lora_parameters)
 */
function drawn(count: number, rows: Rows, name: string, dtype: Float): Rows {
  const generator = xoroshiro128plus([...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 1));
  return zeros(count, rows).map((row) => {
    const bound = 1 / Math.sqrt(row.length);
    return row.map(() => rounded((2 * uniformFloat64(generator) - 1) * bound, dtype));
  });
}
