import type { MovingConstant, OptimizerRow } from '../optimizer-row';

/** First guess of the distance to the solution: a length of weights, so it shrinks with them. */
const D0: MovingConstant = { constant: 'd0', power: -1, default: 1e-6 };
const EPS: MovingConstant = { constant: 'eps', power: 1, default: 1e-8 };

/** Optimizers that guess how far the solution is, one guess for all parameters. */
export const DISTANCE_ROWS: readonly OptimizerRow[] = [
  {
    id: 'prodigy',
    title: 'Prodigy',
    d: -1,
    e: 0,
    decay: 'decoupled',
    decayPower: 1,
    constants: [D0, EPS],
    exactness: 'exact',
    gauges: 'symmetric',
    why: 'Prodigy finds its own step size from how far the weights have come, and that length shrinks with the init: the rate you set (1) is a factor on it and stays.',
    defaults: { learningRate: 1, betas: [0.9, 0.999], weightDecay: 0, momentum: null },
    options: { dCoef: 1 },
    source: 'https://github.com/konstmish/prodigy/blob/main/prodigyopt/prodigy.py',
  },
];
