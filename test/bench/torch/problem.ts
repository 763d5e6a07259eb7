import { startOf } from '../../../src/experiment/draw/random';
import { drawTransformer } from '../../../src/experiment/draw/transformer';
import { matrixOf, projectionsOf } from '../../../src/experiment/tasks/transformer/model';
import type { LanguageModel } from '../../../src/experiment/tasks/transformer/model';
import type { ExperimentSpec } from '../../../src/experiment/spec';
import { NORM_EPS } from '../../../src/experiment/tasks/transformer/decoder';

/**
 * A transformer experiment for transformer.py: everything as numbers, matrices row-major.
 * @param model the base, as it was trained for the spec
 */
export function torchProblem(spec: ExperimentSpec, model: LanguageModel): object {
  const { inputUnit = 1, lossUnit = 1 } = spec.data;
  const { draws, batch, rank } = drawTransformer(spec, model);
  const { shape } = model;
  const { useDora, steps, optimizer } = spec;
  const matrix = (name: string): number[] => [...matrixOf(model, name)];
  const block = (_: unknown, i: number) =>
    Object.fromEntries(projectionsOf(shape).map((name) => [name, matrix(`${name}${i}`)]));
  return {
    ...{ shape, eps: NORM_EPS, batch, rank, useDora, lossUnit, steps, optimizer, head: matrix('head') },
    blocks: Array.from({ length: shape.layers }, block),
    draws: draws.map(({ inputs, targets }) => ({ inputs: [...inputs], targets: Array.from(targets) })),
    variants: spec.variants.map(({ draw, scaling, a, b, m = a, maxGradNorm, ...rest }) => ({
      ...{ draw, scaling: scaling * inputUnit, a, b, m, maxGradNorm },
      // Of each block: where the layers that have LoRA start.
      start: (draws[draw]?.adapters ?? []).map((adapters) =>
        Object.fromEntries(
          Object.entries(adapters).map(([projection, adapter]) => {
            const start = startOf(adapter, { draw, scaling, a, b, m, maxGradNorm, ...rest }, spec.rank);
            return [projection, { A: [...start.a], B: [...start.b] }];
          }),
        ),
      ),
    })),
  };
}
