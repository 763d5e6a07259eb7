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
  decay: 'coupled',
  why: scaleFree(l10n.t('NAdam is Adam that looks one step ahead')),
  defaults: { learningRate: 2e-3, betas: [0.9, 0.999], weightDecay: 0, momentum: null },
  options: { momentumDecay: 4e-3 },
  saved: savedBy(false, PRODUCT),
  source: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.NAdam.html',
} as const;

const RADAM = {
  title: 'RAdam',
  decay: 'coupled',
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
  defaults: { learningRate: 1e-3, betas: [0.9, 0.999], weightDecay: 0, momentum: null },
  source: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.RAdam.html',
} as const;

const COMMON = { d: 0, e: 0, constants: [moving('eps', 1, 1e-8)] } as const;

/** Adam and PyTorch's variants: each element of the gradient is divided by its own size. */
export const ADAM_ROWS = family(COMMON, {
  adam: {
    title: l10n.t('Adam'),
    decay: 'coupled',
    why: ADAM_WHY,
    defaults: { learningRate: 1e-3, betas: [0.9, 0.999], weightDecay: 0, momentum: null },
    options: { amsgrad: 0 },
    saved: savedBy(false),
    source: 'https://arxiv.org/abs/1412.6980',
  },
  adamw: {
    title: 'AdamW',
    decay: 'decoupled',
    why: ADAM_WHY,
    defaults: { learningRate: 1e-3, betas: [0.9, 0.999], weightDecay: 0.01, momentum: null },
    options: { amsgrad: 0 },
    saved: savedBy(true),
    source: 'https://arxiv.org/abs/1711.05101',
  },
  adamax: {
    title: l10n.t('Adamax'),
    decay: 'coupled',
    why: scaleFree(l10n.t('Adamax divides the gradient by its largest recent value')),
    defaults: { learningRate: 2e-3, betas: [0.9, 0.999], weightDecay: 0, momentum: null },
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
