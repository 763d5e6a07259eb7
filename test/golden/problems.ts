import type { TransformerProblem } from '../../src/experiment/draw/transformer';
import type { ExperimentSpec, VariantSpec } from '../../src/experiment/spec';
import type { MlpProblem } from '../../src/experiment/draw/mlp';
import { linearTask, regressionLoss, mlpTask } from '../../src/experiment/tasks/regression';
import type { Task } from '../../src/experiment/tasks/task';
import { transformerTask } from '../../src/experiment/tasks/transformer/transformer';
import type { GoldenTensors } from './schema';

/** A golden file's tensors as a problem of one of the experiment's tasks. */
export interface GoldenProblem {
  task: ExperimentSpec['task'];
  useDora: boolean;
  losses: readonly ExperimentSpec['loss'][];
  width: number;
  batch: number;
  rank: number;
  sizes: NonNullable<ExperimentSpec['sizes']>;
  /** A backend must be up. */
  taskFor(variants: readonly VariantSpec[], loss: ExperimentSpec['loss']): Task;
  /** The task's name of a matrix that the file calls so. */
  nameOf(matrix: string): string;
}

type Values = (name: string) => Float32Array;
type Shape = (name: string) => readonly number[];
type Make = (set: GoldenTensors, values: Values, shape: Shape) => GoldenProblem;

const REGRESSION = ['l1', 'mse'] as const;

/** torch's block in this file's schema has so many heads unless it says. */
const HEADS = 2;

const layer =
  (useDora: boolean): Make =>
  ({ N: width, M: batch, r: rank }, values) => {
    const adapters = [{ a: values('A0'), b: values('B0') }];
    const problem: MlpProblem = {
      batch,
      batches: 1,
      rank,
      layers: [{ inputs: width, outputs: width, frozen: values('W0') }],
      draws: [{ inputs: values('X'), targets: values('Y'), adapters }],
    };
    return {
      task: 'linear',
      useDora,
      losses: REGRESSION,
      width,
      batch,
      rank,
      sizes: {},
      taskFor(variants, loss) {
        const regression = regressionLoss({ task: 'linear', loss });
        if (!useDora) return linearTask(problem, variants, regression);
        return mlpTask(problem, regression, { variants, useDora, dropout: null });
      },
      nameOf: (matrix) => matrix.replace('0', ''),
    };
  };

const mlp: Make = ({ M: batch, r: rank }, values, shape) => {
  const [hidden = 0, width = 0] = shape('W1');
  const problem: MlpProblem = {
    batch,
    batches: 1,
    rank,
    layers: [
      { inputs: width, outputs: hidden, frozen: values('W1') },
      { inputs: hidden, outputs: width, frozen: values('W2') },
    ],
    draws: [
      {
        inputs: values('X'),
        targets: values('Y'),
        adapters: [1, 2].map((n) => ({ a: values(`A${n}`), b: values(`B${n}`) })),
      },
    ],
  };
  return {
    task: 'mlp',
    useDora: false,
    losses: REGRESSION,
    width,
    batch,
    rank,
    sizes: { hidden },
    taskFor: (variants, loss) =>
      mlpTask(problem, regressionLoss({ task: 'mlp', loss }), { variants, useDora: false, dropout: null }),
    nameOf: (matrix) => matrix,
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
  const problem: TransformerProblem = {
    batch,
    batches: 1,
    rank,
    model: {
      shape: { ...sizes, width, layers: 1, norm: 'layer', gated: false },
      matrices: Object.fromEntries(Object.entries(frozen).map(([name, ours]) => [name, values(ours)])),
    },
    draws: [{ inputs: values('X'), targets: values('Y'), adapters: [adapters] }],
  };
  return {
    task: 'transformer',
    useDora: false,
    losses: ['ce'],
    width,
    batch,
    rank,
    sizes,
    taskFor: (variants) => transformerTask(problem, { variants, useDora: false, dropout: null }),
    nameOf: (matrix) => matrix,
  };
};

const KINDS: Readonly<Record<string, Make>> = {
  linear: layer(false),
  dora: layer(true),
  mlp2: mlp,
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
