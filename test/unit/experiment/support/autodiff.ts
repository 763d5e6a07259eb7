// The whole of tfjs, because it knows how to differentiate.
import '@tensorflow/tfjs';
import { add, div, grads, matMul, mul, norm, sub, tensor, tensor2d, tidy, transpose } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { Task } from '../../../../src/experiment/tasks/task';
import { variant } from './lab';

/** Variants that differ in nothing but their scaling. */
const SCALINGS = [0.5, 3];
export const variants = SCALINGS.map((scaling, i) => variant({ name: `v${i}`, scaling }));

export type Weights = Record<string, Tensor2D>;
type Loss = (weights: Weights, s: number) => Tensor;

/** A linear layer with LoRA as a PyTorch module would have it. @param seen x after dropout, where there is dropout */
export const lora = (
  x: Tensor2D,
  frozen: Tensor2D,
  a: Tensor2D | undefined,
  b: Tensor2D | undefined,
  s: number,
  seen = x,
): Tensor2D => {
  const plain = matMul(x, frozen, false, true);
  if (!a || !b) return plain as Tensor2D;
  const low = matMul(seen, a, false, true);
  return add(plain, mul(matMul(low, b, false, true), s));
};

/**
 * A linear layer with DoRA as PEFT has it; the norms are detached, so they are computed outside of what is differentiated.
 * @param seen x after dropout, where there is dropout
 */
export const dora = (
  x: Tensor2D,
  frozen: Tensor2D,
  { a, b, m }: { a: Tensor2D; b: Tensor2D; m: Tensor2D },
  s: number,
  seen = x,
): Tensor2D => {
  const norms = norm(add(frozen, mul(matMul(b, a), s)), 2, 1, true).dataSync();
  const size = div(transpose(m), matrix(norms, 1, norms.length));
  const plain = (input: Tensor2D): Tensor2D => matMul(input, frozen, false, true);
  const low = mul(matMul(matMul(seen, a, false, true), b, false, true), s);
  return add(add(plain(x), mul(sub(size, 1), plain(seen))), mul(size, low));
};

/** Numbers that look like nothing in particular, other ones for every matrix and variant. */
const numbers = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin((i + 3) * (i + 1) + 7.3 * seed) / 3);

/** Holds loss and gradients of every variant of the task against `loss`, differentiated by tfjs. */
export function check(task: Task, loss: Loss, { step = 1, scalings = SCALINGS } = {}): void {
  tidy(() => {
    const starts = task.blocks.map(({ rows, columns, parameters }, block) =>
      numbers(parameters.length * scalings.length * rows * columns, block),
    );
    const stacks = task.blocks.map(({ rows, columns, parameters }, block) =>
      tensor(starts[block] ?? [], [parameters.length, scalings.length, rows, columns]),
    );
    const pass = task.pass(stacks, step);
    const losses = pass.loss.dataSync();
    scalings.forEach((s, which) => {
      const places = task.blocks.flatMap(({ rows, columns, parameters }, block) =>
        parameters.map(({ name, transposed }, i) => {
          const from = (i * scalings.length + which) * rows * columns;
          const kept = tensor2d(starts[block]?.slice(from, from + rows * columns) ?? [], [rows, columns]);
          return { name, block, from, transposed, value: transposed ? transpose(kept) : kept };
        }),
      );
      const named = (values: readonly Tensor[]): Weights =>
        Object.fromEntries(places.map(({ name }, i) => [name, values[i] as Tensor2D]));
      const differentiate = grads((...values: Tensor[]) => loss(named(values), s));
      const expected = differentiate(places.map(({ value }) => value));
      expect(losses[which]).toBeCloseTo(loss(named(places.map(({ value }) => value)), s).dataSync()[0] ?? NaN, 5);
      places.forEach(({ name, block, from, transposed }, i) => {
        const reference = expected[i];
        if (!reference) throw new Error(`no gradient of ${name}`);
        const values = (transposed ? transpose(reference as Tensor2D) : reference).dataSync();
        const mine = pass.gradients[block]?.dataSync().slice(from, from + values.length) ?? [];
        const largest = Math.max(...values.map(Math.abs));
        expect(largest).toBeGreaterThan(1e-6);
        values.forEach((value, element) => {
          expect(Math.abs((mine[element] ?? NaN) - value), name).toBeLessThan(2e-5 * Math.max(largest, 1e-3));
        });
      });
    });
  });
}

/** [rows, columns] */
export function matrix(values: ArrayLike<number>, rows: number, columns: number): Tensor2D {
  return tensor2d(Float32Array.from(values), [rows, columns]);
}
