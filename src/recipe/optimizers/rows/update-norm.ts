import * as l10n from '@vscode/l10n';
import { family } from '../optimizer-row';

const WHY = l10n.t(
  'bitsandbytes caps every step at max_unorm times the norm of the weights. If max_unorm changes too, the cap applies at the same steps as before',
);

const STUCK = l10n.t(
  'bitsandbytes cuts every step of this optimizer to a share of the norm of the weights (max_unorm). The norm of a B that starts at zero is zero, so B never moves, and nothing is learned.',
);

const COMMON = {
  e: 0,
  stuck: STUCK,
  source: 'https://github.com/bitsandbytes-foundation/bitsandbytes/blob/main/csrc/kernels.cu',
} as const;

/**
 * LAMB and LARS of bitsandbytes: Adam and momentum, with steps limited to a share of the weights' norm. The degrees
 * differ with and without the limit; `maxUnorm` changes so that the same steps are limited.
 */
export const UPDATE_NORM_ROWS = family(COMMON, {
  'bnb-lamb': {
    title: l10n.t('LAMB (bitsandbytes)'),
    d: 0,
    decay: 'decoupled',
    constants: [
      { constant: 'eps', power: 1, default: 1e-8 },
      { constant: 'maxUnorm', power: 1, default: 1 },
    ],
    exactness: 'exact',
    why: l10n.t`${WHY}; the rest is AdamW, so the learning rate changes by √k.`,
    defaults: { learningRate: 1e-3, betas: [0.9, 0.999], weightDecay: 0, momentum: null },
  },
  'bnb-lars': {
    title: l10n.t('LARS (bitsandbytes)'),
    d: 1,
    decay: 'coupled',
    constants: [{ constant: 'maxUnorm', power: 2, default: 0.02 }],
    exactness: 'exact',
    why: l10n.t`${WHY}; the rest is SGD with momentum, so the learning rate changes by k.`,
    defaults: { learningRate: 1e-2, betas: null, weightDecay: 0, momentum: 0.9 },
  },
});
