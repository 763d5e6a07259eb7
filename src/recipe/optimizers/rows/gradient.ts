import * as l10n from '@vscode/l10n';
import { family, moving } from '../optimizer-row';

const SGD_WHY = l10n.t(
  'A step of SGD is proportional to the gradient. The gradient grows by √k and the init shrinks by √k, so the learning rate changes by k. This is the rule lr/k, and here it is right.',
);

/** Optimizers whose step is as large as the gradient. */
export const GRADIENT_ROWS = family({ d: 1, e: 0, decay: 'coupled' } as const, {
  sgd: {
    title: 'SGD',
    why: SGD_WHY,
    defaults: { momentum: 0 },
    options: { dampening: 0 },
    saved: { state: { momentum_buffer: 1 } },
    source: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html',
  },
  sgdw: {
    title: l10n.t('SGD with decoupled decay (LOMO)'),
    decay: 'decoupled',
    decayPower: 2,
    why: SGD_WHY,
    defaults: { momentum: 0 },
    options: { dampening: 0 },
    source: 'https://github.com/OpenLMLab/LOMO/blob/main/lomo_optim/lomo.py',
  },
  asgd: {
    title: 'ASGD',
    constants: [moving('lambd', 2, 1e-4)],
    why: l10n.t(
      'ASGD steps as SGD does, so the learning rate changes by k; its decay lambd is multiplied by the learning rate, so lambd changes by k the other way.',
    ),
    defaults: { learningRate: 1e-2 },
    options: { alpha: 0.75, t0: 1e6 },
    saved: { state: { step: 0, eta: -2, mu: 0, ax: -1 }, constants: { lambd: 'lambd' } },
    source: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.ASGD.html',
  },
  adadelta: {
    title: l10n.t('Adadelta'),
    constants: [moving('eps', 2, 1e-6)],
    why: l10n.t(
      'Adadelta multiplies the gradient by past steps / past gradients, a ratio that starts from eps. If eps changes too, a step is proportional to the gradient, as in SGD: the learning rate changes by k.',
    ),
    defaults: { learningRate: 1 },
    options: { rho: 0.9 },
    saved: { state: { step: 0, square_avg: 2, acc_delta: 2 }, constants: { eps: 'eps' } },
    source: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.Adadelta.html',
  },
});
