import type { LayerProblem } from '../../src/experiment/draw/layer';
import type { ExperimentSpec, FactorHyper, Schedule, VariantSpec } from '../../src/experiment/spec';
import { controlsOf } from '../../src/experiment/variants';
import { rescale, type FactorMoves, type GaugeId } from '../../src/recipe/gauge';
import type { OptimizerRow } from '../../src/recipe/optimizer-row';
import { optimizerRow } from '../../src/recipe/optimizers';
import type { GoldenCase, GoldenFile, GoldenTwin } from './schema';

/** A case in the product's own terms: the base first, then the twins that can be told, then controls. */
export interface Translated {
  spec: ExperimentSpec;
  problem: LayerProblem;
  twins: GoldenTwin[];
}

/** What a variant of a twin leaves alone, by the golden file's word for it. */
const LEFT_ALONE: Readonly<Record<string, readonly ('lr' | 'weightDecay' | 'eps')[]>> = {
  rule: [],
  eps_same: ['eps'],
  wd_same: ['weightDecay'],
  lr_same: ['lr'],
};

const KNOWN_CONSTANTS: ReadonlySet<string> = new Set(['momentum', 'nesterov', 'betas', 'wd']);

/** The case as a spec, or why it is left out. */
export function translate(file: GoldenFile, golden: GoldenCase): Translated | string {
  const problem = problemOf(file, golden);
  if (typeof problem === 'string') return problem;
  const optimizer = optimizerOf(file, golden);
  if (typeof optimizer === 'string') return optimizer;
  const schedule = scheduleOf(golden.schedule);
  if (!schedule) return `the schedule ${golden.schedule} is not known`;
  if (golden.loss !== 'l1' && golden.loss !== 'mse') return `the loss ${golden.loss} is not trained`;

  const { row, settings } = optimizer;
  const base = baseOf(golden);
  const twins = golden.twins.filter((twin) => twin.variant in LEFT_ALONE && gaugeIdOf(twin) !== null);
  const spec: ExperimentSpec = {
    task: 'linear',
    width: problem.width,
    batch: problem.batch,
    rank: problem.rank,
    data: { target: 'noise', inputScale: 1, targetScale: 1 },
    loss: golden.loss,
    seed: 0,
    steps: file.steps,
    optimizer: settings,
    clipEps: golden.clip_eps ?? 0,
    schedule,
    backend: 'auto',
    variants: [base, ...twins.map((twin) => twinOf(base, row, twin)), ...controlsOf(base)],
  };
  return { spec, problem, twins };
}

function problemOf(file: GoldenFile, { shape }: GoldenCase): LayerProblem | string {
  const set = file.tensors[shape];
  if (!set) return `there are no tensors ${shape}`;
  if (set.kind !== 'linear') return `the task ${set.kind} is not trained`;
  const values = (name: string): Float32Array => Float32Array.from(set.t[name]?.v ?? []);
  const [inputs, targets, frozen] = [values('X'), values('Y'), values('W0')];
  const { N: width, M: batch, r: rank } = set;
  return { batch, width, rank, inputs, targets, frozen, a: values('A0'), b: values('B0') };
}

function optimizerOf(
  { optimizers }: GoldenFile,
  { opt }: GoldenCase,
): { row: OptimizerRow; settings: ExperimentSpec['optimizer'] } | string {
  const row = optimizerRow(/^(sgd|adamw|adam)(?=_|$)/.exec(opt)?.[1] ?? opt);
  const constants = optimizers[opt] ?? {};
  const strange = Object.keys(constants).filter((key) => !KNOWN_CONSTANTS.has(key));
  if (!row || strange.length > 0) return `the optimizer ${opt} is not trained`;
  const [beta1 = 0.9, beta2 = 0.999] = Array.isArray(constants.betas) ? (constants.betas as number[]) : [];
  const settings = {
    row: row.id,
    betas: [beta1, beta2] as const,
    momentum: Number(constants.momentum ?? 0),
    nesterov: constants.nesterov === true,
    options: {},
  };
  return { row, settings };
}

function scheduleOf(name: string | null): Schedule | null {
  if (name === null) return { kind: 'constant', warmupSteps: 0 };
  const [, kind, warmup] = /^(constant|linear|cosine)(?:_warmup(\d+))?$/.exec(name) ?? [];
  return kind === undefined ? null : { kind: kind as Schedule['kind'], warmupSteps: Number(warmup ?? 0) };
}

function baseOf({ hp, s, clip }: GoldenCase): VariantSpec {
  const number = (key: string): number => (typeof hp[key] === 'number' ? hp[key] : 0);
  const factor: FactorHyper = {
    lr: number('lr'),
    weightDecay: number('weight_decay'),
    constants: { eps: number('eps') },
  };
  return {
    name: 'base',
    role: 'base',
    scaling: s,
    init: { A: 1, B: 1 },
    gauge: { p: 1, q: 1 },
    a: factor,
    b: factor,
    maxGradNorm: clip,
    ulpSeed: null,
  };
}

/** The twin by the product's own table; the golden file clips it at p times the base's threshold. */
function twinOf(base: VariantSpec, row: OptimizerRow, twin: GoldenTwin): VariantSpec {
  const moved = rescale(row, twin.k, gaugeIdOf(twin) ?? 'symmetric');
  const alone = LEFT_ALONE[twin.variant] ?? [];
  const factor = (hyper: FactorHyper, moves: FactorMoves): FactorHyper => {
    const factors = { lr: moves.lr, weightDecay: moves.weightDecay, eps: moves.constants.eps ?? 1 };
    for (const key of alone) factors[key] = 1;
    return {
      lr: hyper.lr * factors.lr,
      weightDecay: hyper.weightDecay * factors.weightDecay,
      constants: { eps: (hyper.constants.eps ?? 0) * factors.eps },
    };
  };
  return {
    ...base,
    name: `${twin.gauge}-${twin.k}-${twin.variant}`,
    role: 'rescaled',
    scaling: base.scaling * twin.k,
    init: { A: moved.a.init, B: moved.b.init },
    gauge: moved.gauge,
    a: factor(base.a, moved.a),
    b: factor(base.b, moved.b),
    maxGradNorm: base.maxGradNorm === null ? null : base.maxGradNorm * twin.p,
  };
}

function gaugeIdOf({ p, q }: GoldenTwin): GaugeId | null {
  if (p === q) return 'symmetric';
  if (p === 1) return 'keep-init';
  return q === 1 ? 'keep-b' : null;
}
