import type { OptimizerRow } from '../optimizer-row';

const ADAM_WHY =
  'Adam divides the gradient by its own size, so a step does not grow with the scaling; only the init does: the rate moves by √k. The well-known lr/k holds for SGD only.';

/** Adam and what divides the gradient by its own size, element by element: d = 0. */
export const ADAM_ROWS: readonly OptimizerRow[] = [
  {
    id: 'adam',
    title: 'Adam',
    d: 0,
    e: 0,
    decay: 'coupled',
    decayPower: 2,
    constants: [{ constant: 'eps', power: 1, default: 1e-8 }],
    exactness: 'exact',
    why: ADAM_WHY,
    defaults: { learningRate: 1e-3, betas: [0.9, 0.999], weightDecay: 0, momentum: null },
    source: 'https://arxiv.org/abs/1412.6980',
  },
  {
    id: 'adamw',
    title: 'AdamW',
    d: 0,
    e: 0,
    decay: 'decoupled',
    decayPower: 1,
    constants: [{ constant: 'eps', power: 1, default: 1e-8 }],
    exactness: 'exact',
    why: ADAM_WHY,
    defaults: { learningRate: 1e-3, betas: [0.9, 0.999], weightDecay: 0.01, momentum: null },
    source: 'https://arxiv.org/abs/1711.05101',
  },
];
