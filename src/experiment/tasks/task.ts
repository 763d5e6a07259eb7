import { concat, reshape, slice, tensor, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import { startOf, type InitialAdapter } from '../draw/random';
import type { VariantSpec } from '../spec';

/** One trained matrix of every variant. */
export interface Parameter {
  /** `A`, `Bq`, … unique within a task. */
  name: string;
  /** What `A`, `B` and `m` of one layer have in common: `q`; empty where there is one layer. */
  layer: string;
  /** Its role in LoRA, which decides its hyperparameters; `m`: DoRA's magnitudes. */
  factor: 'A' | 'B' | 'm';
  /** Stored transposed. B always is, so that rows count the rank in both A and B. */
  transposed: boolean;
}

/** Trained matrices of the same stored shape: one tensor [parameters, variants, rows, columns]. */
export interface WeightBlock {
  rows: number;
  columns: number;
  parameters: readonly Parameter[];
}

export interface Pass<Gradients = Tensor[]> {
  /** Loss of each variant, [variants]. */
  loss: Tensor;
  /** Gradients of each variant's loss, one for each block in the shape of the weights. */
  gradients: Gradients;
}

/**
 * A training problem for several variants at once. Its weights are few tensors, one for each block, so that an
 * optimizer updates all matrices of all variants together.
 */
export interface Task {
  blocks: readonly WeightBlock[];
  /** New tensors with every variant's start, one for each block. */
  start(): Tensor[];
  /** @param step from 1 */
  pass(weights: readonly Tensor[], step: number): Pass;
  /** Frees the task's tensors. */
  dispose(): void;
}

/** A trained matrix: its stored shape, and the start of each variant, row-major. */
export interface Matrix extends Parameter {
  rows: number;
  columns: number;
  starts: readonly Float32Array[];
}

/** Gives one matrix of every variant, [variants, rows, columns]. */
export type Read = (name: string) => Tensor3D;

/**
 * The task that trains these matrices; those of one shape make one block, in the order given.
 * @param pass gives gradients for each block, or by matrix name as [variants, rows, columns]
 */
export function taskOf(
  matrices: readonly Matrix[],
  pass: (read: Read, step: number, weights: readonly Tensor[]) => Pass<Tensor[] | Readonly<Record<string, Tensor>>>,
  dispose: () => void,
): Task {
  const groups = new Map<string, Matrix[]>();
  for (const matrix of matrices) {
    const shape = `${matrix.rows} × ${matrix.columns}`;
    groups.set(shape, [...(groups.get(shape) ?? []), matrix]);
  }
  const members = [...groups.values()];
  const where = new Map(members.flatMap((group, block) => group.map(({ name }, i) => [name, { block, i }] as const)));

  return {
    blocks: members.map((group) => ({
      rows: group[0]?.rows ?? 0,
      columns: group[0]?.columns ?? 0,
      parameters: group.map(({ name, layer, factor, transposed }) => ({ name, layer, factor, transposed })),
    })),
    start: () => members.map(stacked),
    pass(weights, step) {
      const read = (name: string): Tensor3D => {
        const at = where.get(name);
        const block = at && weights[at.block];
        if (!block) throw new Error(`a task has no weights ${name}`);
        const [, count = 0, rows = 0, columns = 0] = block.shape;
        return reshape(slice(block, [at.i, 0, 0, 0], [1, count, rows, columns]), [count, rows, columns]);
      };
      const { loss, gradients } = pass(read, step, weights);
      if (Array.isArray(gradients)) return { loss, gradients };
      return { loss, gradients: members.map((group) => joined(group, gradients)) };
    },
    dispose,
  };
}

function stacked(group: readonly Matrix[]): Tensor {
  const [{ rows, columns, starts } = { rows: 0, columns: 0, starts: [] }] = group;
  const values = new Float32Array(group.length * starts.length * rows * columns);
  group.flatMap((matrix) => matrix.starts).forEach((start, i) => values.set(start, i * rows * columns));
  return tensor(values, [group.length, starts.length, rows, columns]);
}

function joined(group: readonly Matrix[], gradients: Readonly<Record<string, Tensor>>): Tensor {
  const parts = group.map(({ name }) => {
    const gradient = gradients[name];
    if (!gradient) throw new Error(`a pass gives no gradient of ${name}`);
    return gradient;
  });
  const [count = 0, rows = 0, columns = 0] = parts[0]?.shape ?? [];
  return reshape(concat(parts), [parts.length, count, rows, columns]);
}

/**
 * The A and B of one layer, named `A<layer>` and `B<layer>`. B is stored transposed.
 * @param adapters one for each draw
 */
export function adapterMatrices(
  layer: string,
  rank: number,
  adapters: readonly InitialAdapter[],
  variants: readonly VariantSpec[],
): readonly Matrix[] {
  const starts = variants.map((variant) => {
    const adapter = adapters[variant.draw];
    if (adapter) return startOf(adapter, variant, rank);
    throw new Error(`the variant ${variant.name} trains on draw ${variant.draw}, and there are ${adapters.length}`);
  });
  const [inputs, outputs] = [(starts[0]?.a.length ?? 0) / rank, (starts[0]?.b.length ?? 0) / rank];
  const transposed = starts.map(({ b }) => b.map((_, i) => b[(i % outputs) * rank + Math.floor(i / outputs)] ?? 0));
  const [own, a] = [{ layer, rows: rank }, starts.map((start) => start.a)];
  return [
    { ...own, name: `A${layer}`, factor: 'A', transposed: false, columns: inputs, starts: a },
    { ...own, name: `B${layer}`, factor: 'B', transposed: true, columns: outputs, starts: transposed },
  ];
}
