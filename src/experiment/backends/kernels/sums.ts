import { Sum, util, type TensorInfo } from '@tensorflow/tfjs-core';
import { MEAN_LOSS } from '../../tensors/fused';
import type { KernelModule } from './module';
import { placeOf, registerOwn, replaceKernel, type KernelCall } from './register';

interface Along {
  axis: number | number[];
  keepDims: boolean;
}

interface Loss {
  loss: 'mse' | 'l1';
}

/** What the means of assembly/sums.ts are of. */
const OF = { mse: 1, l1: 2 } as const;

/**
 * Replaces the wasm backend's sum over the last dimensions, which adds one float32 after the other, by one in float64: exact
 * enough to add up a whole matrix at once. And the mean square or magnitude of each variant's error in one pass.
 */
export function installSums(kernels: KernelModule): void {
  replaceKernel(Sum, ({ inputs: { x }, attrs, backend }: KernelCall<{ x: TensorInfo }, Along>): TensorInfo | null => {
    const { shape, dtype } = x;
    const axes = util.parseAxisParam(attrs.axis, shape);
    const kept = shape.length - axes.length;
    if (dtype !== 'float32' || shape.length === 0 || !axes.every((axis) => axis >= kept)) return null;
    const outer = shape.slice(0, kept);
    const out = backend.makeOutput(attrs.keepDims ? [...outer, ...axes.map(() => 1)] : outer, 'float32');
    const [count, size] = [util.sizeFromShape(outer), util.sizeFromShape(shape.slice(kept))];
    kernels.sums(placeOf(backend, x), count, size, placeOf(backend, out));
    return out;
  });
  registerOwn(MEAN_LOSS, ({ inputs: { error }, attrs: { loss }, backend }: KernelCall<{ error: TensorInfo }, Loss>) => {
    const [variants = 0, ...others] = error.shape;
    const out = backend.makeOutput([variants], 'float32');
    kernels.means(OF[loss], placeOf(backend, error), variants, util.sizeFromShape(others), placeOf(backend, out));
    return [out];
  });
}
