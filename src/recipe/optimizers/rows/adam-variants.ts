import * as l10n from '@vscode/l10n';
import { family, moving, scaleFree } from '../optimizer-row';

const COMMON = { d: 0, e: 0, decay: 'decoupled' } as const;

/** Variants of Adam: the gradient is divided by its own size. */
export const ADAM_VARIANT_ROWS = family(COMMON, {
  ademamix: {
    title: 'AdEMAMix',
    constants: [moving('eps', 1, 1e-8)],
    why: scaleFree(l10n.t('AdEMAMix divides two means of the gradient by its size')),
    defaults: { learningRate: 1e-3, betas: [0.9, 0.999], weightDecay: 0.01, momentum: null },
    options: { beta3: 0.9999, alpha: 5, tAlpha: 0, tBeta3: 0 },
    source: 'https://arxiv.org/abs/2409.03137',
  },
  adopt: {
    title: 'ADOPT',
    constants: [moving('eps', 1, 1e-6)],
    why: scaleFree(l10n.t('ADOPT divides the gradient by the size of earlier gradients')),
    defaults: { learningRate: 1e-3, betas: [0.9, 0.9999], weightDecay: 0, momentum: null },
    source: 'https://arxiv.org/abs/2411.02853',
  },
  adamc: {
    title: 'AdamC',
    constants: [
      moving('eps', 1, 1e-8),
      // 0: the learning rate before the schedule, which the plan changes.
      moving('maxRate', -1, 0),
    ],
    why: l10n.t(
      'AdamC is AdamW with a different decay: a step does not depend on the scaling, and the learning rate and its maximum change with the init, by √k.',
    ),
    defaults: { learningRate: 1e-3, betas: [0.9, 0.999], weightDecay: 0.01, momentum: null },
    source: 'https://arxiv.org/abs/2506.02285',
  },
  'stable-adamw': {
    title: 'StableAdamW',
    constants: [moving('eps', 1, 1e-6)],
    why: l10n.t(
      'StableAdamW is AdamW with shorter steps where the gradient is larger than expected. That is a ratio, so a step does not depend on the scaling, and the learning rate changes with the init, by √k.',
    ),
    defaults: { learningRate: 1e-3, betas: [0.9, 0.99], weightDecay: 0.01, momentum: null },
    source: 'https://arxiv.org/abs/2304.13013',
  },
  grokadamw: {
    title: 'GrokAdamW',
    constants: [moving('eps', 1, 1e-8), moving('tensorClip', 1, 1)],
    exactness: 'nearly',
    limit: {
      code: 'clip-epsilon-fixed',
      message: l10n.t(
        'GrokAdamW clips every matrix by itself and adds a fixed 1e-6 to the norm it divides by; while that clip fires, the runs differ by about that much.',
      ),
    },
    why: l10n.t(
      'GrokAdamW is AdamW on the gradient plus a slow mean of it: a step does not depend on the scaling, and the learning rate changes with the init, by √k. Its own max grad norm changes like the gradient.',
    ),
    defaults: { learningRate: 1e-3, betas: [0.9, 0.999], weightDecay: 0.01, momentum: null },
    options: { alphaInit: 0.98, lamb: 2, gamma: 0.1 },
    source: 'https://github.com/cognitivecomputations/grokadamw',
  },
  adan: {
    title: l10n.t('Adan'),
    constants: [moving('eps', 1, 1e-8)],
    why: scaleFree(l10n.t('Adan divides the gradient and its change by their size')),
    defaults: { learningRate: 1e-3, betas: [0.98, 0.92], weightDecay: 0, momentum: null },
    options: { beta3: 0.99, noProx: 0 },
    source: 'https://arxiv.org/abs/2208.06677',
  },
  'adam-mini': {
    title: l10n.t('Adam-mini'),
    constants: [moving('eps', 1, 1e-8)],
    why: scaleFree(l10n.t('Adam-mini divides each row of the gradient by the size of that row')),
    defaults: { learningRate: 1e-3, betas: [0.9, 0.999], weightDecay: 0, momentum: null },
    source: 'https://arxiv.org/abs/2406.16793',
  },
});
