import * as l10n from '@vscode/l10n';
import { family } from '../optimizer-row';

const WHY = l10n.t(
  'Every step is proportional to the size of the weights, which shrinks with the init, so the step shrinks by itself: the learning rate stays.',
);

const LIMIT = {
  code: 'first-step',
  message: l10n.t(
    'B starts at zero, so the weights do not set the length of the first step. That step would need a different learning rate, which no config can set.',
  ),
};

const COMMON = { d: 0, e: 1, limit: LIMIT, why: WHY } as const;

/** Optimizers that scale each matrix's step to the norm of the matrix. */
export const TRUST_RATIO_ROWS = family(COMMON, {
  lamb: {
    title: 'LAMB',
    decay: 'decoupled',
    constants: [
      { constant: 'eps', power: 1, default: 1e-6 },
      { constant: 'trustCap', power: -1, default: 10 },
    ],
    exactness: 'approximate',
    early: { steps: 1, power: -1, of: 'B' },
    defaults: { learningRate: 1e-3, betas: [0.9, 0.999], weightDecay: 0, momentum: null },
    source: 'https://arxiv.org/abs/1904.00962',
  },
  lars: {
    title: 'LARS',
    decay: 'coupled',
    constants: [{ constant: 'eps', power: 1, default: 1e-8 }],
    exactness: 'approximate',
    early: { steps: 1, power: -2, of: 'both' },
    defaults: { learningRate: 1e-3, betas: null, weightDecay: 0, momentum: 0.9 },
    options: { trust: 1e-3 },
    source: 'https://arxiv.org/abs/1708.03888',
  },
});
