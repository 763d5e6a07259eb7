import * as l10n from '@vscode/l10n';
import { family, moving } from '../optimizer-row';

const RATIO_WHY = l10n.t(
  'Every step is proportional to the size of the weights, which shrinks with the init, so the step shrinks by itself: the learning rate stays.',
);

const FIRST_STEP = {
  code: 'first-step',
  message: l10n.t(
    'B starts at zero, so the weights do not set the length of the first step. That step would need a different learning rate, which no config can set.',
  ),
};

const RATIO = { d: 0, e: 1, exactness: 'approximate', limit: FIRST_STEP, why: RATIO_WHY } as const;

/** Optimizers that scale each matrix's step to the norm of the matrix. */
export const TRUST_RATIO_ROWS = family(RATIO, {
  lamb: {
    title: 'LAMB',
    decay: 'decoupled',
    constants: [moving('eps', 1, 1e-6), moving('trustCap', -1, 10)],
    early: { steps: 1, power: -1, of: 'B' },
    defaults: { betas: [0.9, 0.999] },
    source: 'https://arxiv.org/abs/1904.00962',
  },
  lars: {
    title: 'LARS',
    decay: 'coupled',
    constants: [moving('eps', 1, 1e-8)],
    early: { steps: 1, power: -2, of: 'both' },
    defaults: { momentum: 0.9 },
    options: { trust: 1e-3 },
    source: 'https://arxiv.org/abs/1708.03888',
  },
});

const CAP_WHY = l10n.t(
  'bitsandbytes caps every step at max_unorm times the norm of the weights. If max_unorm changes too, the cap applies at the same steps as before',
);

const STUCK = l10n.t(
  'bitsandbytes cuts every step of this optimizer to a share of the norm of the weights (max_unorm). The norm of a B that starts at zero is zero, so B never moves, and nothing is learned.',
);

const CAPPED = {
  e: 0,
  stuck: STUCK,
  source: 'https://github.com/bitsandbytes-foundation/bitsandbytes/blob/main/csrc/kernels.cu',
} as const;

/**
 * LAMB and LARS of bitsandbytes: Adam and momentum, with steps limited to a share of the weights' norm. The degrees
 * differ with and without the limit; `maxUnorm` changes so that the same steps are limited.
 */
export const UPDATE_NORM_ROWS = family(CAPPED, {
  'bnb-lamb': {
    title: l10n.t('LAMB (bitsandbytes)'),
    d: 0,
    decay: 'decoupled',
    constants: [moving('eps', 1, 1e-8), moving('maxUnorm', 1, 1)],
    why: l10n.t`${CAP_WHY}; the rest is AdamW, so the learning rate changes by √k.`,
    defaults: { betas: [0.9, 0.999] },
  },
  'bnb-lars': {
    title: l10n.t('LARS (bitsandbytes)'),
    d: 1,
    decay: 'coupled',
    constants: [moving('maxUnorm', 2, 0.02)],
    why: l10n.t`${CAP_WHY}; the rest is SGD with momentum, so the learning rate changes by k.`,
    defaults: { learningRate: 1e-2, momentum: 0.9 },
  },
});
