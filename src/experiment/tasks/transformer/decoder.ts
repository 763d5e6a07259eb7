import { type Tensor3D, add, div, mean, mul, sqrt, square, sub, sigmoid, type Tensor } from '@tensorflow/tfjs-core';
import type { Projection, BlockSpec } from '../../spec';
import type { LayerPass } from '../layers';
import { tanhOf } from '../../tensors/operations';
import { attention, type AttentionSizes } from './attention';

/** A value that is computed at its first use: often only some gradients of a backward pass are needed. */
type Lazy = () => Tensor3D;

/** Runs the linear layer of that name on x, [variants | 1, rows, inputs]. */
type LayerOf = (projection: Projection, x: Tensor3D) => LayerPass;

/** The passes of a part of the model. The backward pass gives ∂loss/∂output of each linear layer from that of the part. */
interface PartPass {
  output: Tensor3D;
  back(gradient: Lazy): PartGradients;
}

interface PartGradients {
  ofOutputs: Readonly<Partial<Record<Projection, Lazy>>>;
  ofInput: Lazy;
}

export function lazy(compute: Lazy): Lazy {
  let known: Tensor3D | undefined;
  return () => (known ??= compute());
}

/** eps inside the root: torch's default for a layer norm, and that of Llama 2 and 3. */
export const NORM_EPS = 1e-5;

/** The norms a block may have, without weights, over the last axis. */
export const NORMS: Readonly<Record<BlockSpec['norm'], (x: Tensor3D) => LayerPass>> = {
  /** @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html */
  layer(x) {
    const centered = (values: Tensor3D): Tensor3D => sub(values, mean(values, 2, true));
    const { output, toInput } = rmsNorm(centered(x));
    return { output, toInput: (gradient) => centered(toInput(gradient)) };
  },
  rms: rmsNorm,
};

/**
 * `x/√(mean of squares + eps)`
 * @see https://arxiv.org/abs/1910.07467
 */
function rmsNorm(x: Tensor3D): LayerPass {
  const size = sqrt(add(mean(square(x), 2, true), NORM_EPS));
  const output = div(x, size) as Tensor3D;
  return {
    output,
    toInput: (gradient) => div(sub(gradient, mul(output, mean(mul(gradient, output), 2, true))), size),
  };
}

/** The MLP of a block. */
type FeedForward = (x: Tensor3D, layer: LayerOf) => PartPass;

/** `Down(tanh(Up(x)))` */
export const PLAIN: FeedForward = (x, layer) => {
  const up = layer('up', x);
  const active = tanhOf(up.output);
  const down = layer('down', active);
  return {
    output: down.output,
    back(gradient) {
      const ofUp = lazy(() => mul(down.toInput(gradient()), sub(1, square(active))));
      return { ofOutputs: { up: ofUp, down: gradient }, ofInput: () => up.toInput(ofUp()) };
    },
  };
};

/**
 * `Down(silu(Gate(x)) · Up(x))`, as in Llama and its kin; `silu(z) = z·σ(z)`, its slope `σ + silu − silu·σ`.
 * @see https://arxiv.org/abs/2002.05202
 */
export const GATED: FeedForward = (x, layer) => {
  const [gate, up] = [layer('gate', x), layer('up', x)];
  const share = sigmoid(gate.output);
  const open = mul(gate.output, share);
  const down = layer('down', mul(open, up.output));
  return {
    output: down.output,
    back(gradient) {
      const ofProduct = lazy(() => down.toInput(gradient()));
      const ofUp = lazy(() => mul(ofProduct(), open));
      const ofGate = lazy(() => {
        const slope = sub(add(share, open), mul(open, share));
        return mul(mul(ofProduct(), up.output), slope);
      });
      return {
        ofOutputs: { gate: ofGate, up: ofUp, down: gradient },
        ofInput: () => add(gate.toInput(ofGate()), up.toInput(ofUp())),
      };
    },
  };
};

/** The components of a decoder's blocks. */
export interface DecoderParts {
  norm: (x: Tensor3D) => LayerPass;
  feedForward: FeedForward;
  sizes: AttentionSizes;
  mask: Tensor;
}

/**
 * All blocks in order, and a final norm.
 * @param x what enters the first block, [variants | 1, batch·sequence, width]
 * @param before its norm
 * @param layers the linear layers of each block
 * @returns the input of the head, and the gradients of each block from ∂loss/∂ that
 */
export function decoder(
  x: Tensor3D,
  before: LayerPass,
  layers: readonly LayerOf[],
  parts: DecoderParts,
): { output: Tensor3D; back(gradient: Lazy): readonly PartGradients[] } {
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
      const gradients: PartGradients[] = [];
      let ofOutput: Lazy = lazy(() => normed.toInput(gradient()));
      for (const block of blocks.toReversed()) {
        gradients.unshift(block.back(ofOutput));
        ofOutput = gradients[0]?.ofInput ?? ofOutput;
      }
      return gradients;
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
