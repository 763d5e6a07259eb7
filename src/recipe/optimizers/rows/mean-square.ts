import * as l10n from '@vscode/l10n';
import { family, moving, scaleFree } from '../optimizer-row';

const MEAN_SQUARE_WHY = scaleFree(l10n.t('RMSprop divides the gradient by its recent size'));

const COMMON = { d: 0, e: 0 } as const;

/** Predecessors of Adam: the gradient is divided by its own size, without bias correction. */
export const MEAN_SQUARE_ROWS = family(COMMON, {
  rmsprop: {
    title: 'RMSprop',
    decay: 'coupled',
    constants: [moving('eps', 1, 1e-8)],
    why: MEAN_SQUARE_WHY,
    defaults: { learningRate: 1e-2, betas: null, weightDecay: 0, momentum: 0 },
    options: { smoothing: 0.99, centered: 0, epsInside: 0 },
    // The step is divided by the gradient before momentum averages it.
    saved: { state: { step: 0, square_avg: 2, grad_avg: 1, momentum_buffer: 0 }, constants: { eps: 'eps' } },
    source: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html',
  },
  'rmsprop-eps-inside': {
    title: l10n.t('RMSprop with eps inside the root'),
    decay: 'coupled',
    constants: [moving('eps', 2, 1e-8)],
    why: l10n.t`${MEAN_SQUARE_WHY} Here eps is added to a square, so it changes by k.`,
    defaults: { learningRate: 1e-2, betas: null, weightDecay: 0, momentum: 0 },
    options: { smoothing: 0.9, centered: 0, epsInside: 1 },
    source: 'https://optax.readthedocs.io/en/latest/api/optimizers.html#optax.rmsprop',
  },
  adagrad: {
    title: l10n.t('Adagrad'),
    decay: 'coupled',
    constants: [moving('eps', 1, 1e-10), moving('initialAccumulator', 2, 0)],
    stride: 0.2,
    why: scaleFree(l10n.t('Adagrad divides the gradient by the size of all gradients so far')),
    defaults: { learningRate: 1e-2, betas: null, weightDecay: 0, momentum: null },
    options: { lrDecay: 0 },
    saved: {
      state: { step: 0, sum: 2 },
      constants: { eps: 'eps', initial_accumulator_value: 'initialAccumulator' },
    },
    source: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html',
  },
  rprop: {
    title: l10n.t('Rprop'),
    decay: 'none',
    constants: [moving('stepMin', -1, 1e-6), moving('stepMax', -1, 50)],
    why: l10n.t(
      'Rprop looks at the sign of the gradient alone, so a step does not depend on the scaling: the initial learning rate and its bounds change with the init, by √k.',
    ),
    defaults: { learningRate: 1e-2, betas: null, weightDecay: 0, momentum: null },
    options: { etaMinus: 0.5, etaPlus: 1.2 },
    saved: {
      state: { step: 0, prev: 1, step_size: -1 },
      constants: { step_sizes: ['stepMin', 'stepMax'] },
    },
    source: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.Rprop.html',
  },
});
