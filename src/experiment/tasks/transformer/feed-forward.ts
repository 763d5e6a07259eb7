import { add, mul, sigmoid, square, sub, type Tensor3D } from '@tensorflow/tfjs-core';
import { tanhOf } from '../../tensors/operations';
import { lazy, type LayerOf, type PartPass } from './part-pass';

/** The MLP of a block. */
export type FeedForward = (x: Tensor3D, layer: LayerOf) => PartPass;

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
