import { type TensorInfo, BatchMatMul, Slice, slice_util, Sum, util } from '@tensorflow/tfjs-core';
import { LINEAR_PASS, MEAN_LOSS, ADAM_UPDATE, SGD_UPDATE } from '../../tensors/operations';
import { addressOf, register, type KernelCall, type KernelModule, type Operands } from './register';

/**
 * seen and residual [variants | 1, rows, width], weights A and Bᵀ [2, variants, rank, width], the others [variants, 1,
 * 1].
 */
type PassInputs = Record<'seen' | 'residual' | 'weights' | 'scaling' | 'slope', TensorInfo>;

type OfLoss = Record<'loss', 'mse' | 'l1'>;

export function installLinearPass(kernels: KernelModule): void {
  register<PassInputs, OfLoss>(LINEAR_PASS, ({ inputs, attrs, backend }) => {
    const { seen, residual, weights, scaling, slope } = inputs;
    const [, variants = 0, rank = 0, width = 0] = weights.shape;
    const [, rows = 0] = seen.shape;
    const losses = backend.makeOutput([variants], 'float32');
    const gradient = backend.makeOutput(weights.shape, 'float32');
    const at = (tensor: TensorInfo): number => addressOf(backend, tensor);
    const next = ({ shape: [count] }: TensorInfo): number => (count === 1 ? 0 : 4 * rows * width);
    kernels.linearPass(
      ...[variants, rows, width, rank, at(seen), next(seen), at(residual), next(residual), at(weights)],
      ...[at(scaling), at(slope), attrs.loss === 'mse' ? 1 : 0, at(losses), at(gradient)],
      kernels.scratch(kernels.bytesOfLinearPass(rows, width, rank)),
    );
    return [losses, gradient];
  });
}

type Transposition = Record<'transposeA' | 'transposeB', boolean>;

/**
 * Replaces the batched product of the wasm backend, which is fast only for a single untransposed pair. Every product is
 * added up in the order of the inner dimension, so a variant gets the same bits whatever other variants are trained.
 */
export function installProducts(kernels: KernelModule): void {
  register<Operands, Transposition>(BatchMatMul, (call) => batchMatMul(kernels, call));
}

function batchMatMul(
  kernels: KernelModule,
  { inputs: { a, b }, attrs: { transposeA, transposeB }, backend }: KernelCall<Operands, Transposition>,
): TensorInfo | null {
  const [countA, heightA, widthA] = stackOf(a);
  const [countB, heightB, widthB] = stackOf(b);
  const [rows, inner] = transposeA ? [widthA, heightA] : [heightA, widthA];
  const columns = transposeB ? heightB : widthB;
  const isAlike = String(a.shape.slice(0, -2)) === String(b.shape.slice(0, -2));
  const isSimple = isAlike || countA === 1 || countB === 1;
  if (!isSimple || a.shape.length !== b.shape.length || rows * inner * columns === 0) return null;
  const outer = (countA < countB ? b : a).shape.slice(0, -2);
  const out = backend.makeOutput([...outer, rows, columns], 'float32');
  // One right operand for all: their rows make one matrix.
  const isOne = countB === 1 && !transposeA;
  const [count, height] = isOne ? [1, countA * rows] : [Math.max(countA, countB), rows];
  const [nextA, nextB] = [countA === 1 ? 0 : 4 * rows * inner, countB === 1 ? 0 : 4 * inner * columns];
  const scratch = kernels.scratch(kernels.bytesOfPanels(inner, columns));
  const [left, right] = [addressOf(backend, a), addressOf(backend, b)];
  const target = addressOf(backend, out);
  kernels.products(count, left, nextA, +transposeA, right, nextB, +transposeB, target, height, inner, columns, scratch);
  return out;
}

/** Matrices one after the other in memory; 1 = one for all. */
function stackOf({ shape }: TensorInfo): [count: number, rows: number, columns: number] {
  const [rows = 1, columns = 1] = shape.slice(-2);
  return [shape.slice(0, -2).reduce((count, size) => count * size, 1), rows, columns];
}

/** What the means of assembly/sums.ts are of. */
const OF = { mse: 1, l1: 2 } as const;

/**
 * Replaces the wasm backend's sum over the last dimensions by one in float64: exact enough to add up a whole matrix.
 */
export function installSums(kernels: KernelModule): void {
  register<Record<'x', TensorInfo>, { axis: number | number[]; keepDims: boolean }>(
    Sum,
    ({ inputs: { x }, attrs, backend }) => {
      const { shape, dtype } = x;
      const axes = util.parseAxisParam(attrs.axis, shape);
      const kept = shape.length - axes.length;
      if (dtype !== 'float32' || shape.length === 0 || !axes.every((axis) => axis >= kept)) return null;
      const outer = shape.slice(0, kept);
      const out = backend.makeOutput(attrs.keepDims ? [...outer, ...axes.map(() => 1)] : outer, 'float32');
      const [count, size] = [util.sizeFromShape(outer), util.sizeFromShape(shape.slice(kept))];
      kernels.sums(addressOf(backend, x), count, size, addressOf(backend, out));
      return out;
    },
  );
  register<Record<'error', TensorInfo>, OfLoss>(MEAN_LOSS, ({ inputs: { error }, attrs: { loss }, backend }) => {
    const [variants = 0, ...others] = error.shape;
    const out = backend.makeOutput([variants], 'float32');
    kernels.means(OF[loss], addressOf(backend, error), variants, util.sizeFromShape(others), addressOf(backend, out));
    return [out];
  });
}

/** Replaces the wasm backend's slice, which first copies the whole tensor, where the slice is one piece of it. */
export function installSlices(): void {
  register<Record<'x', TensorInfo>, Record<'begin' | 'size', number[]>>(
    Slice,
    ({ inputs: { x }, attrs: { begin, size }, backend }) => {
      const [start = [], shape = []] = slice_util.parseSliceParams(x, begin, size);
      if (x.dtype !== 'float32' || !slice_util.isSliceContinous(x.shape, start, shape)) return null;
      const out = backend.makeOutput(shape, 'float32');
      const first = slice_util.computeFlatOffset(start, util.computeStrides(x.shape));
      const piece = backend.typedArrayFromHeap(x).subarray(first, first + util.sizeFromShape(shape));
      backend.typedArrayFromHeap(out).set(piece);
      return out;
    },
  );
}

/** All [parameters, variants, rows, columns], but rate and eps [parameters, variants, 1, 1]. */
type Moved = Record<'weights' | 'gradient' | 'rate', TensorInfo>;
type Averaged = Moved & Record<'mean' | 'spread' | 'eps', TensorInfo>;

type Betas = Record<'beta1' | 'beta2' | 'correction2', number>;

/** The updates of optimizers/gradient.ts and adam.ts in one pass over the memory, with their bits. */
export function installUpdates(kernels: KernelModule): void {
  register<Moved>(SGD_UPDATE, ({ inputs: { weights, gradient, rate }, backend }) => {
    const out = backend.makeOutput(weights.shape, 'float32');
    kernels.sgd(...matricesOf(weights), ...[weights, gradient, rate, out].map((tensor) => addressOf(backend, tensor)));
    return [out];
  });
  register<Averaged, Betas>(ADAM_UPDATE, ({ inputs, attrs, backend }) => {
    const { weights, gradient, mean, spread, rate, eps } = inputs;
    const outs = [weights, mean, spread].map(({ shape }) => backend.makeOutput(shape, 'float32'));
    const addresses = [weights, gradient, mean, spread, rate, eps].map((tensor) => addressOf(backend, tensor));
    const targets = outs.map((tensor) => addressOf(backend, tensor));
    const { beta1, beta2, correction2 } = attrs;
    // lerp starts from the nearer end.
    const isNear = 1 - beta1 < 0.5;
    const way = isNear ? 1 - beta1 : 1 - (1 - beta1);
    kernels.adam(...matricesOf(weights), ...addresses, +isNear, way, beta2, 1 - beta2, correction2, ...targets);
    return outs;
  });
}

function matricesOf({ shape: [parameters = 0, variants = 0, ...matrix] }: TensorInfo): [count: number, size: number] {
  return [parameters * variants, util.sizeFromShape(matrix)];
}
