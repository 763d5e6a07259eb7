import { add, dispose, mul, square, sub, tanh, tensor, tile, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import { PROJECTIONS, shapeOf, type Projection, type TransformerProblem } from '../draw/transformer';
import { product } from '../products';
import type { VariantSpec } from '../spec';
import { attention, causalMask } from './attention';
import { crossEntropy } from './cross-entropy';
import { adapterMatrices, layoutOf } from './layout';
import { loraLayer, type LayerPass } from './lora-layer';
import { layerNorm } from './norm';
import type { Task } from './task';

/** torch's own. */
const NORM_EPS = 1e-5;

/**
 * One pre-norm transformer block with LoRA on any of its layers, a final norm and a head; the loss is the cross entropy
 * of the tokens. Both passes are written by hand:
 *
 *     x1 = x + O(attention(Q(n), K(n), V(n)))   n = norm(x)
 *     x2 = x1 + Down(tanh(Up(norm(x1))))        logits = Head(norm(x2))
 */
export function transformerTask(problem: TransformerProblem, variants: readonly VariantSpec[]): Task {
  const { batch, sequence, width, hidden, vocabulary, rank, adapters } = problem;
  const places = batch * sequence;
  const count = variants.length;
  const inputs = tensor(problem.inputs, [1, places, width]) as Tensor3D;
  const targets = oneHot(problem.targets, vocabulary);
  const frozen = Object.fromEntries(
    PROJECTIONS.map((projection) => {
      const shape = shapeOf(projection, { width, hidden });
      return [projection, tensor(problem.frozen[projection], [1, shape.outputs, shape.inputs])];
    }),
  ) as Record<Projection, Tensor3D>;
  const head = tensor(problem.head, [1, vocabulary, width]) as Tensor3D;
  const mask = causalMask(sequence);
  const scaling = tensor(
    variants.map((variant) => variant.scaling),
    [count, 1, 1],
    'float32',
  );
  const trained = PROJECTIONS.filter((projection) => adapters[projection]);
  const layout = layoutOf(
    trained.flatMap((projection) => {
      const adapter = adapters[projection];
      return adapter ? adapterMatrices(projection, rank, adapter, variants) : [];
    }),
  );

  return {
    blocks: layout.blocks,
    start: () => layout.start(),
    pass(weights) {
      const gradients: Record<string, Tensor> = {};
      const layer = (projection: Projection, x: Tensor3D): LayerPass => {
        const factors = adapters[projection]
          ? { a: layout.read(weights, `A${projection}`), b: layout.read(weights, `B${projection}`) }
          : null;
        return loraLayer(x, frozen[projection], scaling, factors);
      };
      const collect = (projection: Projection, pass: LayerPass, gradient: Tensor3D): void => {
        const factors = pass.toFactors(gradient);
        if (factors) Object.assign(gradients, { [`A${projection}`]: factors.a, [`B${projection}`]: factors.b });
      };

      const before = layerNorm(inputs, NORM_EPS).output;
      const [q, k, v] = [layer('q', before), layer('k', before), layer('v', before)];
      const looked = attention(each(q), each(k), each(v), mask, problem);
      const o = layer('o', looked.output);
      const middle = add(inputs, o.output) as Tensor3D;
      const between = layerNorm(middle, NORM_EPS);
      const up = layer('up', between.output);
      const active = tanh(up.output);
      const down = layer('down', active);
      const after = layerNorm(add(middle, down.output), NORM_EPS);
      const { loss, gradient } = crossEntropy(product(after.output, head, false, true), targets);

      const ofEnd = after.toInput(product(gradient, head));
      collect('down', down, ofEnd);
      const ofUp = mul(down.toInput(ofEnd), sub(1, square(active))) as Tensor3D;
      collect('up', up, ofUp);
      const ofMiddle = add(ofEnd, between.toInput(up.toInput(ofUp))) as Tensor3D;
      collect('o', o, ofMiddle);
      const ofHeads = looked.toInputs(o.toInput(ofMiddle));
      collect('q', q, ofHeads.q);
      collect('k', k, ofHeads.k);
      collect('v', v, ofHeads.v);
      return { loss, gradients: layout.write(gradients) };
    },
    dispose: () => dispose([inputs, targets, ...Object.values(frozen), head, mask, scaling]),
  };

  /** What no LoRA touches is the same for all variants; attention needs it once for each. */
  function each({ output }: LayerPass): Tensor3D {
    return output.shape[0] === count ? output : tile(output, [count, 1, 1]);
  }
}

/** 1 at the right token of each place, [1, places, vocabulary]. */
function oneHot(tokens: ArrayLike<number>, vocabulary: number): Tensor {
  const values = new Float32Array(tokens.length * vocabulary);
  Array.from(tokens).forEach((token, place) => {
    values[place * vocabulary + token] = 1;
  });
  return tensor(values, [1, tokens.length, vocabulary]);
}
