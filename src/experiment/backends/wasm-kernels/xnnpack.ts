import { BatchMatMul, type TensorInfo } from '@tensorflow/tfjs-core';
import { heapOf, placeOf, type WasmBackend } from './heap';
import { stackOf, type Operand, type Product, type Stack } from './stack';

/** Names by which the module knows a part of a tensor while it multiplies it; its own count up from 1. */
const LEFT = 0x7fff_fff1;
const RIGHT = 0x7fff_fff2;
const OUT = 0x7fff_fff3;

let multiply: (...values: number[]) => void = () => undefined;
/** Where the module reads the shapes of both operands. */
let shapes = 0;

/** Takes the module's own product. Once, when the backend starts. */
export function prepareXnnpack({ wasm }: WasmBackend): void {
  multiply = wasm.cwrap(
    BatchMatMul,
    null,
    Array.from({ length: 9 }, () => 'number' as const),
  );
  shapes = wasm._malloc(24);
}

/** Products of matrices that are worth a call of the module each, in the way that has it rearrange least. */
export function byXnnpack(backend: WasmBackend, a: Operand, b: Operand, out: TensorInfo, shape: Product): void {
  if (isBetterTurned(b, shape)) {
    // (A·B)ᵀ = Bᵀ·Aᵀ
    const { rows, inner, columns } = shape;
    const turned = backend.makeOutput([...out.shape.slice(0, -2), columns, rows], 'float32');
    each(backend, swapped(b), swapped(a), turned, { rows: columns, inner, columns: rows });
    transpose(backend, turned, out, stackOf(turned));
    backend.disposeData(turned.dataId);
  } else if (isBetterInOne(a, b, shape)) {
    inOne(backend, a, b, out, shape);
  } else {
    each(backend, a, b, out, shape);
  }
}

/** XNNPACK has ways of its own for very few columns; below this, more of them side by side could change the bits. */
const COLUMNS = 8;

/** One left operand for all, and right operands whose columns lie one after the other. */
function isBetterInOne([, left]: Operand, [, right, transposed]: Operand, { columns }: Product): boolean {
  return left.count === 1 && right.count > 1 && transposed && columns >= COLUMNS;
}

/** A·[B₁ᵀ B₂ᵀ …]: the left operand passes by once, and what comes out is sorted by matrices. */
function inOne(backend: WasmBackend, a: Operand, [b, right]: Operand, out: TensorInfo, shape: Product): void {
  const { rows, columns } = shape;
  const { count } = right;
  const all: Operand = [b, { count: 1, rows: count * columns, columns: right.columns }, true];
  const beside = backend.makeOutput([rows, count * columns], 'float32');
  each(backend, a, all, beside, { ...shape, columns: count * columns });
  const heap = heapOf(backend) as unknown as Record<number, number>;
  let target = placeOf(backend, out);
  for (let n = 0; n < count; n++) {
    let source = placeOf(backend, beside) + n * columns;
    for (let row = 0; row < rows; row++, source += (count - 1) * columns) {
      for (const end = target + columns; target < end; target++, source++) heap[target] = heap[source] as number;
    }
  }
  backend.disposeData(beside.dataId);
}

/** XNNPACK rearranges the right operand before it multiplies, which takes five times as long as transposing it. */
function isBetterTurned([, { count }]: Operand, { rows, inner, columns }: Product): boolean {
  return count > 1 && inner * columns > 2 * rows * (inner + columns);
}

function swapped([tensor, stack, transposed]: Operand): Operand {
  return [tensor, stack, !transposed];
}

/** Matrix by matrix, each as XNNPACK takes it. */
function each(backend: WasmBackend, a: Operand, b: Operand, out: TensorInfo, { rows, inner, columns }: Product): void {
  const [left, right] = [straight(backend, a), straight(backend, b)];
  const result = backend.dataIdMap.get(out.dataId);
  if (right.count === 1) {
    // One right operand for all: their rows make one matrix, and XNNPACK keeps what it has made of the operand.
    call(backend, left.id, [left.count * rows, inner], right.id, [inner, columns], result.id);
  } else {
    for (let n = 0; n < right.count; n++) {
      register(backend, LEFT, left.memoryOffset, left.count === 1 ? 0 : n, rows * inner);
      register(backend, RIGHT, right.memoryOffset, n, inner * columns);
      register(backend, OUT, result.memoryOffset, n, rows * columns);
      call(backend, LEFT, [rows, inner], RIGHT, [inner, columns], OUT);
      // With RIGHT goes what XNNPACK has made of it.
      for (const id of [LEFT, RIGHT, OUT]) backend.wasm.tfjs.disposeData(id);
    }
  }
  left.free();
  right.free();
}

interface Straight {
  id: number;
  memoryOffset: number;
  count: number;
  free(): void;
}

/** The operand as it is multiplied, transposed where it must be. */
function straight(backend: WasmBackend, [tensor, stack, isTransposed]: Operand): Straight {
  const { count, rows, columns } = stack;
  if (!isTransposed) return { ...backend.dataIdMap.get(tensor.dataId), count, free: () => undefined };
  const copy = backend.makeOutput([count, columns, rows], 'float32');
  transpose(backend, tensor, copy, stack);
  const { id, memoryOffset } = backend.dataIdMap.get(copy.dataId);
  return { id, memoryOffset, count, free: () => void backend.disposeData(copy.dataId) };
}

/** Each matrix of a stack, transposed; four rows at a time, which is what the caches like best. */
function transpose(backend: WasmBackend, from: TensorInfo, to: TensorInfo, { count, rows, columns }: Stack): void {
  const heap = heapOf(backend) as unknown as Record<number, number>;
  let [source, target] = [placeOf(backend, from), placeOf(backend, to)];
  for (let n = 0; n < count; n++, source += rows * columns, target += rows * columns) {
    let row = 0;
    for (; row + 3 < rows; row += 4) {
      let p = source + row * columns;
      let q = target + row;
      for (let j = 0; j < columns; j++, p++, q += rows) {
        heap[q] = heap[p] as number;
        heap[q + 1] = heap[p + columns] as number;
        heap[q + 2] = heap[p + 2 * columns] as number;
        heap[q + 3] = heap[p + 3 * columns] as number;
      }
    }
    for (; row < rows; row++) {
      let p = source + row * columns;
      let q = target + row;
      for (let j = 0; j < columns; j++, p++, q += rows) heap[q] = heap[p] as number;
    }
  }
}

function register({ wasm }: WasmBackend, id: number, memoryOffset: number, index: number, size: number): void {
  wasm.tfjs.registerTensor(id, size, memoryOffset + 4 * index * size);
}

type Rectangle = readonly [rows: number, columns: number];

function call({ wasm }: WasmBackend, a: number, left: Rectangle, b: number, right: Rectangle, out: number): void {
  new Int32Array(wasm.HEAPU8.buffer, shapes, 6).set([1, ...left, 1, ...right]);
  multiply(a, shapes, 3, b, shapes + 12, 3, 0, 0, out);
}
