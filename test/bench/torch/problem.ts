import { startOf } from '../../../src/experiment/draw/random';
import { drawTransformer } from '../../../src/experiment/draw/transformer';
import { matrixOf, projectionsOf } from '../../../src/experiment/tasks/transformer/model';
import type { LanguageModel, ModelShape } from '../../../src/experiment/tasks/transformer/model';
import type { ExperimentSpec, FactorHyper, Projection } from '../../../src/experiment/spec';
import { NORM_EPS } from '../../../src/experiment/tasks/transformer/decoder';

/** A transformer experiment for transformer.py: everything as numbers, matrices row-major. */
export interface TorchProblem {
  shape: ModelShape;
  /** Of the norms. */
  eps: number;
  batch: number;
  rank: number;
  useDora: boolean;
  /** On the gradients. */
  lossUnit: number;
  steps: number;
  optimizer: ExperimentSpec['optimizer'];
  blocks: Partial<Record<Projection, number[]>>[];
  head: number[];
  draws: { inputs: number[]; targets: number[] }[];
  variants: {
    draw: number;
    scaling: number;
    a: FactorHyper;
    b: FactorHyper;
    m: FactorHyper;
    maxGradNorm: number | null;
    /** Of each block: where the layers that have LoRA start. */
    start: Partial<Record<Projection, { A: number[]; B: number[] }>>[];
  }[];
}

/** @param model the base, as it was trained for the spec */
export function torchProblem(spec: ExperimentSpec, model: LanguageModel): TorchProblem {
  const { inputUnit = 1, lossUnit = 1 } = spec.data;
  const { draws, batch, rank } = drawTransformer(spec, model);
  return {
    shape: model.shape,
    eps: NORM_EPS,
    batch,
    rank,
    useDora: spec.useDora,
    lossUnit,
    steps: spec.steps,
    optimizer: spec.optimizer,
    blocks: Array.from({ length: model.shape.layers }, (_, block) =>
      Object.fromEntries(projectionsOf(model.shape).map((name) => [name, [...matrixOf(model, `${name}${block}`)]])),
    ),
    head: [...matrixOf(model, 'head')],
    draws: draws.map(({ inputs, targets }) => ({ inputs: [...inputs], targets: Array.from(targets) })),
    variants: spec.variants.map((variant) => ({
      draw: variant.draw,
      scaling: variant.scaling * inputUnit,
      a: variant.a,
      b: variant.b,
      m: variant.m ?? variant.a,
      maxGradNorm: variant.maxGradNorm,
      start: (draws[variant.draw]?.adapters ?? []).map((adapters) =>
        eachOf(adapters, (adapter) => {
          const { a, b } = startOf(adapter, variant);
          return { A: [...a], B: [...b] };
        }),
      ),
    })),
  };
}

function eachOf<From, To>(
  layers: Readonly<Partial<Record<Projection, From>>>,
  turn: (layer: From) => To,
): Partial<Record<Projection, To>> {
  return Object.fromEntries(Object.entries(layers).map(([projection, layer]) => [projection, turn(layer)]));
}
