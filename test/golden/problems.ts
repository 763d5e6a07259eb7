import type { TransformerProblem } from '../../src/experiment/draw/transformer';
import type { ExperimentSpec, VariantSpec } from '../../src/experiment/spec';
import type { MlpLayer, MlpProblem } from '../../src/experiment/draw/mlp';
import { linearTask, regressionLoss, mlpTask } from '../../src/experiment/tasks/regression';
import type { Task } from '../../src/experiment/tasks/task';
import { transformerTask } from '../../src/experiment/tasks/transformer/transformer';
import type { GoldenTensors } from './schema';

type Shared = Pick<ExperimentSpec, 'task' | 'useDora' | 'width' | 'batch' | 'rank'>;

/** A golden file's tensors as a problem of one of the experiment's tasks. */
export interface GoldenProblem extends Shared {
  losses: readonly ExperimentSpec['loss'][];
  sizes: NonNullable<ExperimentSpec['sizes']>;
  /** A backend must be up. */
  taskFor(variants: readonly VariantSpec[], loss: ExperimentSpec['loss']): Task;
}

type Values = (name: string) => Float32Array;
type Shape = (name: string) => readonly number[];
type Make = (set: GoldenTensors, values: Values, shape: Shape) => GoldenProblem;

/** torch's block in this file's schema has so many heads unless it says. */
const HEADS = 2;

/** Layers under a regression, by the numbers in the names of their matrices. */
const layered =
  (numbers: readonly number[], useDora = false): Make =>
  ({ M: batch, r: rank }, values, shape) => {
    const layers = numbers.map((n) => {
      const [outputs = 0, inputs = 0] = shape(`W${n}`);
      return { inputs, outputs, frozen: values(`W${n}`) };
    }) as [MlpLayer, ...MlpLayer[]];
    const adapters = numbers.map((n) => ({ a: values(`A${n}`), b: values(`B${n}`) }));
    const draws = [{ inputs: values('X'), targets: values('Y'), adapters }];
    const problem: MlpProblem = { batch, batches: 1, rank, layers, draws };
    const [{ inputs: width, outputs: hidden }] = layers;
    const isOne = numbers.length === 1;
    const task = isOne ? 'linear' : 'mlp';
    return {
      ...{ task, useDora, width, batch, rank, losses: ['l1', 'mse'], sizes: isOne ? {} : { hidden } },
      taskFor(variants, loss) {
        const regression = regressionLoss({ task, loss });
        if (isOne && !useDora) return linearTask(problem, variants, regression);
        return mlpTask(problem, regression, { variants, useDora, dropout: null });
      },
    };
  };

const transformer: Make = ({ r: rank, t, heads = HEADS }, values, shape) => {
  const [batch = 0, sequence = 0, width = 0] = shape('X');
  const [hidden = 0] = shape('W1');
  const [vocabulary = 0] = shape('Wh');
  const frozen = { q0: 'Wq', k0: 'Wk', v0: 'Wv', o0: 'Wo', up0: 'W1', down0: 'W2', head: 'Wh' };
  const trained = (['q', 'k', 'v', 'o'] as const).filter((name) => t[`A${name}`]);
  const adapters = Object.fromEntries(trained.map((name) => [name, { a: values(`A${name}`), b: values(`B${name}`) }]));
  const sizes = { hidden, sequence, heads, vocabulary };
  const matrices = Object.fromEntries(Object.entries(frozen).map(([name, ours]) => [name, values(ours)]));
  const model = { shape: { ...sizes, width, layers: 1, norm: 'layer', gated: false } as const, matrices };
  const draws = [{ inputs: values('X'), targets: values('Y'), adapters: [adapters] }];
  const problem: TransformerProblem = { batch, batches: 1, rank, model, draws };
  return {
    ...{ task: 'transformer', useDora: false, width, batch, rank, losses: ['ce'], sizes },
    taskFor: (variants) => transformerTask(problem, { variants, useDora: false, dropout: null }),
  };
};

const KINDS: Readonly<Record<string, Make>> = {
  linear: layered([0]),
  dora: layered([0], true),
  mlp2: layered([1, 2]),
  tfm: transformer,
};

/** The problem, or why it is none of ours. */
export function problemOf(set: GoldenTensors): GoldenProblem | string {
  const make = KINDS[set.kind];
  if (!make) return `the task ${set.kind} is not trained`;
  const missing: string[] = [];
  const of = (name: string): { shape: number[]; v: number[] } => {
    const found = set.t[name];
    if (!found) missing.push(name);
    return found ?? { shape: [], v: [] };
  };
  const problem = make(
    set,
    (name) => Float32Array.from(of(name).v),
    (name) => of(name).shape,
  );
  return missing.length === 0 ? problem : `the task ${set.kind} lacks the tensors ${missing.join(', ')}`;
}
