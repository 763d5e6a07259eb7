import type { OptimizerRow } from '../optimizer-row';

/** Optimizers that look at a whole matrix of gradients, not at each of its elements: d = 0. */
export const MATRIX_ROWS: readonly OptimizerRow[] = [
  {
    id: 'muon',
    title: 'Muon',
    d: 0,
    e: 0,
    decay: 'decoupled',
    decayPower: 1,
    constants: [{ constant: 'eps', power: 1, default: 1e-7 }],
    exactness: 'exact',
    why: 'Muon turns the gradient into a matrix of fixed size and keeps only its directions, so a step does not grow with the scaling; only the init does: the rate moves by √k.',
    defaults: { learningRate: 1e-3, betas: null, weightDecay: 0.1, momentum: 0.95, nesterov: true },
    options: { nsSteps: 5, matchRms: 0, lerp: 0, clampNorm: 0 },
    source: 'https://github.com/KellerJordan/Muon/blob/master/muon.py',
  },
  {
    id: 'shampoo',
    title: 'Shampoo',
    d: 0,
    e: 0,
    decay: 'coupled',
    decayPower: 2,
    constants: [{ constant: 'eps', power: 2, default: 1e-6 }],
    exactness: 'exact',
    why: 'Shampoo divides the gradient by roots of its own rows and columns multiplied with themselves, so a step does not grow with the scaling; only the init does: the rate moves by √k. Its eps is a squared gradient and moves by k.',
    defaults: { learningRate: 1e-2, betas: null, weightDecay: 0, momentum: null },
    source: 'https://arxiv.org/abs/1802.09568',
  },
  {
    id: 'soap',
    title: 'SOAP',
    d: 0,
    e: 0,
    decay: 'decoupled',
    decayPower: 1,
    constants: [{ constant: 'eps', power: 1, default: 1e-8 }],
    exactness: 'nearly',
    limit: {
      code: 'directions-by-rounding',
      message:
        'SOAP runs Adam along directions it computes from past gradients. Directions in which there is no gradient are left to rounding, and a step along them is as large as any: the runs agree on paper, but any rounding drives them apart, as it does two runs of the same recipe.',
    },
    why: 'SOAP is Adam in other directions, and Adam divides the gradient by its own size, so a step does not grow with the scaling; only the init does: the rate moves by √k.',
    defaults: { learningRate: 3e-3, betas: [0.95, 0.95], weightDecay: 0.01, momentum: null },
    source: 'https://github.com/nikhilvyas/SOAP/blob/main/soap.py',
  },
];
