import * as l10n from '@vscode/l10n';
import { family } from '../optimizer-row';

const COMMON = { d: 0, e: 0, decay: 'decoupled' } as const;

/** Optimizers whose step is a sign, or clipped to one. */
export const SIGN_ROWS = family(COMMON, {
  lion: {
    title: l10n.t('Lion'),
    constants: [],
    exactness: 'exact',
    why: l10n.t(
      'Lion looks only at the sign of the gradient, which no scaling changes, so a step stays as long as it was; only the init shrinks, and the learning rate with it, by √k.',
    ),
    defaults: { learningRate: 1e-4, betas: [0.9, 0.99], weightDecay: 0, momentum: null },
    saved: { state: { exp_avg: 1 } },
    source: 'https://github.com/lucidrains/lion-pytorch/blob/main/lion_pytorch/lion_pytorch.py',
  },
  sophia: {
    title: l10n.t('Sophia'),
    constants: [
      { constant: 'gamma', power: -1, default: 0.04 },
      { constant: 'eps', power: 1, default: 1e-15 },
    ],
    exactness: 'exact',
    why: l10n.t(
      'Sophia divides the gradient by γ times the curvature and clips the result to ±1: with γ changed too, a step stays as long as it was, and the learning rate changes with the init, by √k.',
    ),
    defaults: { learningRate: 1e-4, betas: [0.965, 0.99], weightDecay: 0.1, momentum: null },
    source: 'https://arxiv.org/abs/2305.14342',
  },
});
