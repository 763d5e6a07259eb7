import * as l10n from '@vscode/l10n';
import { family, moving, type SavedState, scaleFree } from '../optimizer-row';

/** Averages of the gradient and of its square, as PyTorch keeps them. */
const savedBy = (isDecoupled: boolean, more: SavedState['state'] = {}): SavedState => ({
  state: { step: 0, exp_avg: 1, exp_avg_sq: 2, max_exp_avg_sq: 2, ...more },
  constants: { eps: 'eps' },
  switches: { decoupled_weight_decay: isDecoupled },
});

/** NAdam also keeps the product of its momenta. */
const PRODUCT = { mu_product: 0 };

const ADAM_WHY = l10n.t(
  'Adam divides the gradient by its own size, so a step does not depend on the scaling: the learning rate changes with the init, by √k. The well-known lr/k holds for SGD only.',
);

const NADAM = {
  title: 'NAdam',
  why: scaleFree(l10n.t('NAdam is Adam that looks one step ahead')),
  defaults: { learningRate: 2e-3 },
  options: { momentumDecay: 4e-3 },
  saved: savedBy(false, PRODUCT),
  source: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.NAdam.html',
} as const;

const RADAM = {
  title: 'RAdam',
  exactness: 'approximate',
  limit: {
    code: 'radam-first-steps',
    message: l10n.t(
      'The first steps of RAdam (five at its usual betas) follow the size of the gradient as SGD does, so their learning rate would have to change by k and that of all later steps by √k. No trainer has such a schedule.',
    ),
  },
  early: { steps: 5, power: -1, of: 'both', until: 'rectified' },
  stride: 0.3,
  why: l10n.t(
    'RAdam starts with a few steps of plain momentum and then is Adam: the learning rate changes by √k, as for Adam, but the first steps differ.',
  ),
  source: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.RAdam.html',
} as const;

const EPS = moving('eps', 1, 1e-8);
const COMMON = { d: 0, e: 0, decay: 'coupled', constants: [EPS], defaults: { betas: [0.9, 0.999] } } as const;

/** Adam and PyTorch's variants: each element of the gradient is divided by its own size. */
export const ADAM_ROWS = family(COMMON, {
  adam: {
    title: l10n.t('Adam'),
    why: ADAM_WHY,
    options: { amsgrad: 0 },
    saved: savedBy(false),
    source: 'https://arxiv.org/abs/1412.6980',
  },
  adamw: {
    title: 'AdamW',
    decay: 'decoupled',
    why: ADAM_WHY,
    defaults: { weightDecay: 0.01 },
    options: { amsgrad: 0 },
    saved: savedBy(true),
    source: 'https://arxiv.org/abs/1711.05101',
  },
  adamax: {
    title: l10n.t('Adamax'),
    why: scaleFree(l10n.t('Adamax divides the gradient by its largest recent value')),
    defaults: { learningRate: 2e-3 },
    saved: { state: { step: 0, exp_avg: 1, exp_inf: 1 }, constants: { eps: 'eps' } },
    source: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.Adamax.html',
  },
  nadam: NADAM,
  'nadam-decoupled': {
    ...NADAM,
    title: l10n.t('NAdam with decoupled decay'),
    decay: 'decoupled',
    saved: savedBy(true, PRODUCT),
  },
  radam: RADAM,
  'radam-decoupled': { ...RADAM, title: l10n.t('RAdam (decoupled weight decay)'), decay: 'decoupled' },
});

const MEAN_SQUARE_WHY = scaleFree(l10n.t('RMSprop divides the gradient by its recent size'));

/** Predecessors of Adam: the gradient is divided by its own size, without bias correction. */
export const MEAN_SQUARE_ROWS = family({ ...COMMON, defaults: { learningRate: 1e-2 } } as const, {
  rmsprop: {
    title: 'RMSprop',
    // Its average of squares starts at zero, and nothing corrects it: 1e-8, left alone, costs 2.7e-3 at k = 1/4.
    guard: 1e-9,
    why: MEAN_SQUARE_WHY,
    defaults: { momentum: 0 },
    options: { smoothing: 0.99, centered: 0, epsInside: 0 },
    // The step is divided by the gradient before momentum averages it.
    saved: { state: { step: 0, square_avg: 2, grad_avg: 1, momentum_buffer: 0 }, constants: { eps: 'eps' } },
    source: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html',
  },
  'rmsprop-eps-inside': {
    title: l10n.t('RMSprop with eps inside the root'),
    constants: [moving('eps', 2, 1e-8)],
    why: l10n.t`${MEAN_SQUARE_WHY} Here eps is added to a square, so it changes by k.`,
    defaults: { momentum: 0 },
    options: { smoothing: 0.9, centered: 0, epsInside: 1 },
    source: 'https://optax.readthedocs.io/en/latest/api/optimizers.html#optax.rmsprop',
  },
  adagrad: {
    title: l10n.t('Adagrad'),
    constants: [moving('eps', 1, 1e-10), moving('initialAccumulator', 2, 0)],
    stride: 0.2,
    why: scaleFree(l10n.t('Adagrad divides the gradient by the size of all gradients so far')),
    options: { lrDecay: 0 },
    saved: { state: { step: 0, sum: 2 }, constants: { eps: 'eps', initial_accumulator_value: 'initialAccumulator' } },
    source: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html',
  },
  rprop: {
    title: l10n.t('Rprop'),
    decay: 'none',
    constants: [moving('stepMin', -1, 1e-6), moving('stepMax', -1, 50)],
    why: l10n.t(
      'Rprop looks at the sign of the gradient alone, so a step does not depend on the scaling: the initial learning rate and its bounds change with the init, by √k.',
    ),
    options: { etaMinus: 0.5, etaPlus: 1.2 },
    saved: { state: { step: 0, prev: 1, step_size: -1 }, constants: { step_sizes: ['stepMin', 'stepMax'] } },
    source: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.Rprop.html',
  },
});

const DECOUPLED = { ...COMMON, decay: 'decoupled' } as const;

/** Variants of Adam: the gradient is divided by its own size. */
export const ADAM_VARIANT_ROWS = family(DECOUPLED, {
  ademamix: {
    title: 'AdEMAMix',
    why: scaleFree(l10n.t('AdEMAMix divides two means of the gradient by its size')),
    defaults: { weightDecay: 0.01 },
    options: { beta3: 0.9999, alpha: 5, tAlpha: 0, tBeta3: 0 },
    source: 'https://arxiv.org/abs/2409.03137',
  },
  adopt: {
    title: 'ADOPT',
    constants: [moving('eps', 1, 1e-6)],
    why: scaleFree(l10n.t('ADOPT divides the gradient by the size of earlier gradients')),
    defaults: { betas: [0.9, 0.9999] },
    source: 'https://arxiv.org/abs/2411.02853',
  },
  adamc: {
    title: 'AdamC',
    constants: [
      EPS,
      // 0: the learning rate before the schedule, which the plan changes.
      moving('maxRate', -1, 0),
    ],
    why: l10n.t(
      'AdamC is AdamW with a different decay: a step does not depend on the scaling, and the learning rate and its maximum change with the init, by √k.',
    ),
    defaults: { weightDecay: 0.01 },
    source: 'https://arxiv.org/abs/2506.02285',
  },
  'stable-adamw': {
    title: 'StableAdamW',
    constants: [moving('eps', 1, 1e-6)],
    why: l10n.t(
      'StableAdamW is AdamW with shorter steps where the gradient is larger than expected. That is a ratio, so a step does not depend on the scaling, and the learning rate changes with the init, by √k.',
    ),
    defaults: { betas: [0.9, 0.99], weightDecay: 0.01 },
    source: 'https://arxiv.org/abs/2304.13013',
  },
  grokadamw: {
    title: 'GrokAdamW',
    constants: [EPS, moving('tensorClip', 1, 1)],
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
    defaults: { weightDecay: 0.01 },
    options: { alphaInit: 0.98, lamb: 2, gamma: 0.1 },
    source: 'https://github.com/cognitivecomputations/grokadamw',
  },
  adan: {
    title: l10n.t('Adan'),
    why: scaleFree(l10n.t('Adan divides the gradient and its change by their size')),
    defaults: { betas: [0.98, 0.92] },
    options: { beta3: 0.99, noProx: 0 },
    source: 'https://arxiv.org/abs/2208.06677',
  },
  'adam-mini': {
    title: l10n.t('Adam-mini'),
    why: scaleFree(l10n.t('Adam-mini divides each row of the gradient by the size of that row')),
    source: 'https://arxiv.org/abs/2406.16793',
  },
});

/** Optimizers whose step is a sign, or clipped to one. */
export const SIGN_ROWS = family({ ...DECOUPLED, constants: [], defaults: { learningRate: 1e-4 } } as const, {
  lion: {
    title: l10n.t('Lion'),
    why: l10n.t(
      'Lion looks only at the sign of the gradient, which no scaling changes, so a step stays as long as it was; only the init shrinks, and the learning rate with it, by √k.',
    ),
    defaults: { betas: [0.9, 0.99] },
    saved: { state: { exp_avg: 1 } },
    source: 'https://github.com/lucidrains/lion-pytorch/blob/main/lion_pytorch/lion_pytorch.py',
  },
  sophia: {
    title: l10n.t('Sophia'),
    constants: [moving('gamma', -1, 0.04), moving('eps', 1, 1e-15)],
    why: l10n.t(
      'Sophia divides the gradient by γ times the curvature and clips the result to ±1: with γ changed too, a step stays as long as it was, and the learning rate changes with the init, by √k.',
    ),
    defaults: { betas: [0.965, 0.99], weightDecay: 0.1 },
    source: 'https://arxiv.org/abs/2305.14342',
  },
});
