import { add, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import { attention, type AttentionSizes } from './attention';
import type { LayerPass } from '../layer-pass';
import type { FeedForward } from './feed-forward';
import { lazy, type LayerOf, type Lazy, type PartGradients, type PartPass } from './part-pass';

/** The components of a decoder's blocks. */
export interface DecoderParts {
  norm: (x: Tensor3D) => LayerPass;
  feedForward: FeedForward;
  sizes: AttentionSizes;
  mask: Tensor;
}

/** The forward pass of all blocks and the final norm, and the backward pass. */
export interface DecoderPass {
  /** Input of the head, [variants | 1, batch·sequence, width]. */
  output: Tensor3D;
  /** Gradients of each block from ∂loss/∂output. */
  back(gradient: Lazy): readonly PartGradients[];
}

/**
 * All blocks in order, and a final norm.
 * @param x what enters the first block, [variants | 1, batch·sequence, width]
 * @param before its norm
 * @param layers the linear layers of each block
 */
export function decoder(x: Tensor3D, before: LayerPass, layers: readonly LayerOf[], parts: DecoderParts): DecoderPass {
  const blocks: PartPass[] = [];
  let [passing, normed] = [x, before];
  for (const layer of layers) {
    const block = decoderBlock(passing, normed, layer, parts);
    blocks.push(block);
    passing = block.output;
    normed = parts.norm(passing);
  }
  return {
    output: normed.output,
    back(gradient) {
      let ofOutput: Lazy = lazy(() => normed.toInput(gradient()));
      return blocks
        .toReversed()
        .map((block) => {
          const gradients = block.back(ofOutput);
          ofOutput = gradients.ofInput;
          return gradients;
        })
        .toReversed();
    },
  };
}

/**
 * A pre-norm transformer block:
 *
 *     m = x + O(attention(Q(n), K(n), V(n)))   n = norm(x)
 *     y = m + MLP(norm(m))
 */
function decoderBlock(x: Tensor3D, before: LayerPass, layer: LayerOf, parts: DecoderParts): PartPass {
  const looked = selfAttention(before.output, layer, parts);
  const middle = add(x, looked.output) as Tensor3D;
  const between = parts.norm(middle);
  const thought = parts.feedForward(between.output, layer);
  return {
    output: add(middle, thought.output),
    back(gradient) {
      const inMlp = thought.back(gradient);
      const ofMiddle = lazy(() => add(gradient(), between.toInput(inMlp.ofInput())));
      const inAttention = looked.back(ofMiddle);
      return {
        ofOutputs: { ...inAttention.ofOutputs, ...inMlp.ofOutputs },
        ofInput: lazy(() => add(ofMiddle(), before.toInput(inAttention.ofInput()))),
      };
    },
  };
}

function selfAttention(x: Tensor3D, layer: LayerOf, { mask, sizes }: DecoderParts): PartPass {
  const [q, k, v] = [layer('q', x), layer('k', x), layer('v', x)];
  const looked = attention(q.output, k.output, v.output, mask, sizes);
  const o = layer('o', looked.output);
  return {
    output: o.output,
    back(gradient) {
      let known: ReturnType<typeof looked.toInputs> | undefined;
      const inputs = (): NonNullable<typeof known> => (known ??= looked.toInputs(o.toInput(gradient())));
      return {
        ofOutputs: { q: () => inputs().q, k: () => inputs().k, v: () => inputs().v, o: gradient },
        ofInput: () => {
          const { q: ofQ, k: ofK, v: ofV } = inputs();
          return add(add(q.toInput(ofQ), k.toInput(ofK)), v.toInput(ofV));
        },
      };
    },
  };
}
