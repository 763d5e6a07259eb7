import { dispose, memory, setBackend, slice, tensor1d, tensor3d, tidy, type Tensor3D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { wasm } from '../../../../src/experiment/backends/wasm';
import { chooseBackend } from '../../../../src/experiment/backends/choose';
import { product, signOf, tanhOf } from '../../../../src/experiment/tensors/operations';
import { ASSETS, quiet } from '../support/lab';

describe.each(['cpu', 'wasm'] as const)('elementwise operations on %s', (backend) => {
  beforeAll(() => chooseBackend(backend, quiet.backends, quiet.assets));

  it('tell the sign of the smallest number from zero', () => {
    const values = [3, 1e-6, 2e-8, 1e-38, 0, -0, -1e-38, -2e-8, -1e-6, -3];
    expect(tidy(() => [...signOf(tensor1d(values)).dataSync()])).toEqual([1, 1, 1, 1, 0, 0, -1, -1, -1, -1]);
  });

  const tanh = (values: number[]): number[] => tidy(() => [...tanhOf(tensor1d(values)).dataSync()]);

  it('compute tanh to a few units in the last place of 1', () => {
    const values = Array.from({ length: 4001 }, (_, i) => (i - 2000) / 150);
    tanh(values).forEach((value, i) => {
      expect(Math.abs(value - Math.tanh(Math.fround(values[i] ?? NaN)))).toBeLessThan(2.5e-7);
    });
  });

  it('keep NaN in tanh, and end at ±1', () => {
    expect(tanh([0, Infinity, -Infinity, 1e30, -1e30, NaN])).toEqual([0, 1, -1, 1, -1, NaN]);
  });
});

const SIZES = [
  ['small', 6, 5, 4],
  ['large', 48, 40, 36],
  ['large with a large right operand', 9, 70, 61],
] as const;
const TRANSPOSES = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

async function onWasm(): Promise<void> {
  wasm.prepare(ASSETS);
  await setBackend('wasm');
}

const wave = (count: number, rows: number, columns: number, phase: number): Tensor3D =>
  tensor3d(
    Float32Array.from({ length: count * rows * columns }, (_, i) => Math.sin(phase + i * i)),
    [count, rows, columns],
  );

function expected(a: number[][][], b: number[][][], v: number, row: number, column: number): number {
  const left = a[a.length === 1 ? 0 : v]?.[row] ?? [];
  const right = b[b.length === 1 ? 0 : v] ?? [];
  return left.reduce((sum, value, i) => sum + value * (right[i]?.[column] ?? Number.NaN), 0);
}

const turned = (matrices: number[][][]): number[][][] =>
  matrices.map((matrix) => (matrix[0] ?? []).map((_, column) => matrix.map((row) => row[column] ?? Number.NaN)));

describe.each(SIZES)('a product that is %s', (_, m, k, n) => {
  beforeAll(onWasm);

  it.each(TRANSPOSES)('is right for transposes %s, %s and for shared operands', (transposeA, transposeB) => {
    for (const [countA, countB] of [
      [3, 3],
      [1, 3],
      [3, 1],
      [1, 1],
    ] as const) {
      const a = transposeA ? wave(countA, k, m, 1) : wave(countA, m, k, 1);
      const b = transposeB ? wave(countB, n, k, 2) : wave(countB, k, n, 2);
      const before = memory().numTensors;
      const result = tidy(() => product(a, b, transposeA, transposeB));
      expect(memory().numTensors).toBe(before + 1);
      const [left, right] = [a.arraySync(), b.arraySync()];
      const values = result.arraySync();
      expect([values.length, values[0]?.length, values[0]?.[0]?.length]).toEqual([Math.max(countA, countB), m, n]);
      const [rowsA, rowsB] = [transposeA ? turned(left) : left, transposeB ? turned(right) : right];
      for (const [v, row, column] of [
        [0, 0, 0],
        [values.length - 1, m - 1, n - 1],
        [0, 2, 3],
      ] as const) {
        expect(values[v]?.[row]?.[column]).toBeCloseTo(expected(rowsA, rowsB, v, row, column), 4);
      }
      dispose([a, b, result]);
    }
  });
});

it.each(SIZES)('gives a variant the same bits in any company when products are %s', async (_, m, k, n) => {
  await onWasm();
  tidy(() => {
    for (const [transposeA, transposeB] of TRANSPOSES) {
      const a = transposeA ? wave(5, k, m, 1) : wave(5, m, k, 1);
      const b = transposeB ? wave(5, n, k, 2) : wave(5, k, n, 2);
      const all = product(a, b, transposeA, transposeB).dataSync();
      const alone = product(one(a, 3), one(b, 3), transposeA, transposeB).dataSync();
      expect(all.slice(3 * m * n, 4 * m * n)).toEqual(alone);
    }
  });
});

function one(all: Tensor3D, index: number): Tensor3D {
  return slice(all, [index, 0, 0], [1, -1, -1]);
}
