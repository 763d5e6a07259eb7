import type { OptimizerRow } from '../optimizer-row';

/** Optimizers whose step is as large as the gradient: d = 1. */
export const GRADIENT_ROWS: readonly OptimizerRow[] = [
  {
    id: 'sgd',
    title: 'SGD',
    d: 1,
    e: 0,
    decay: 'coupled',
    decayPower: 2,
    constants: [],
    exactness: 'exact',
    why: 'A step of SGD is as large as the gradient, and the gradient grows with the scaling as well as the init: the rate moves by k. This is the rule lr/k, and here it is right.',
    defaults: { learningRate: 1e-3, betas: null, weightDecay: 0, momentum: 0 },
    source: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html',
  },
];
