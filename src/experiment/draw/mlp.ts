import type { ExperimentSpec } from '../spec';
import { drawAdapter, kaiming, type Adapter } from './adapter';
import { outputs } from './outputs';
import { fill, firstOf, randomOf } from './random';

/** Two linear layers with LoRA, from `width` to `hidden` and back. All matrices are row-major float32. */
export interface MlpProblem {
  batch: number;
  width: number;
  hidden: number;
  rank: number;
  /** [batch, width] */
  inputs: Float32Array;
  /** [batch, width] */
  targets: Float32Array;
  /** W1, [hidden, width], and what LoRA adds to it. */
  first: { frozen: Float32Array; adapter: Adapter };
  /** W2, [width, hidden], and what LoRA adds to it. */
  second: { frozen: Float32Array; adapter: Adapter };
}

export type MlpSizes = Pick<ExperimentSpec, 'width' | 'batch' | 'rank' | 'seeds' | 'data' | 'sizes'>;

/** Frozen layers, inputs, targets (`map`: a random linear map of the input) and both A from one seed. */
export function drawMlp({ width, batch, rank, seeds, data, sizes }: MlpSizes): MlpProblem {
  const hidden = sizes?.hidden ?? 2 * width;
  const random = randomOf(firstOf(seeds));
  const [up, down] = [kaiming(random, hidden, width), kaiming(random, width, hidden)];
  const inputs = fill(batch * width, () => data.inputScale * random.normal());
  const size = data.targetScale / Math.sqrt(width);
  const targets =
    data.target === 'noise'
      ? fill(batch * width, () => data.targetScale * random.normal())
      : Float32Array.from(
          outputs(
            inputs,
            fill(width * width, () => size * random.normal()),
            batch,
            width,
          ),
        );
  const first = { frozen: up, adapter: drawAdapter(random, rank, width, hidden) };
  const second = { frozen: down, adapter: drawAdapter(random, rank, hidden, width) };
  return { batch, width, hidden, rank, inputs, targets, first, second };
}
