import * as l10n from '@vscode/l10n';
import { family, moving } from '../optimizer-row';

const COMMON = { d: 0, e: 0, decay: 'decoupled' } as const;

/** Optimizers whose step is a sign, or clipped to one. */
export const SIGN_ROWS = family(COMMON, {
  lion: {
    title: l10n.t('Lion'),
    why: l10n.t(
      'Lion looks only at the sign of the gradient, which no scaling changes, so a step stays as long as it was; only the init shrinks, and the learning rate with it, by √k.',
    ),
    defaults: { learningRate: 1e-4, betas: [0.9, 0.99], weightDecay: 0, momentum: null },
    saved: { state: { exp_avg: 1 } },
    source: 'https://github.com/lucidrains/lion-pytorch/blob/main/lion_pytorch/lion_pytorch.py',
  },
  sophia: {
    title: l10n.t('Sophia'),
    constants: [moving('gamma', -1, 0.04), moving('eps', 1, 1e-15)],
    why: l10n.t(
      'Sophia divides the gradient by γ times the curvature and clips the result to ±1: with γ changed too, a step stays as long as it was, and the learning rate changes with the init, by √k.',
    ),
    defaults: { learningRate: 1e-4, betas: [0.965, 0.99], weightDecay: 0.1, momentum: null },
    source: 'https://arxiv.org/abs/2305.14342',
  },
});
