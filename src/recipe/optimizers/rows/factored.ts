import * as l10n from '@vscode/l10n';
import { family, moving, type SavedState, scaleFree } from '../optimizer-row';

/** Added to the squared gradient, so it has the gradient's unit squared. */
const EPS = moving('eps', 2, 1e-30);

/** Floor of the weights' root mean square. B starts at zero, so it starts on the floor. */
const EPS_RMS = moving('epsRms', -1, 1e-3);

const OPTIONS = { clipThreshold: 1, decayRate: -0.8, beta1: 0 };
const RELATIVE_OPTIONS = { ...OPTIONS, warmupInit: 0 };

const HF_SOURCE = 'https://github.com/huggingface/transformers/blob/main/src/transformers/optimization.py';

/** The average `exp_avg` is one of steps, which have the unit of the weights, as their size `RMS` has. */
const savedBy = (scales: boolean): SavedState => ({
  state: { step: 0, exp_avg_sq_row: 2, exp_avg_sq_col: 2, exp_avg_sq: 2, exp_avg: -1, RMS: -1 },
  constants: { eps: ['eps', 'epsRms'] },
  switches: { scale_parameter: scales, relative_step: false },
});

/** A step is as long as the learning rate says. */
const DIVIDED = {
  e: 0,
  constants: [EPS],
  why: scaleFree(l10n.t('It divides the gradient by its own size, kept by row and column')),
} as const;

const RELATIVE_WHY = l10n.t(
  'The learning rate is a share of the weights themselves, and they shrink with the init, so the step shrinks by itself: the learning rate stays.',
);
const RELATIVE = { e: 1, constants: [EPS, EPS_RMS], why: RELATIVE_WHY } as const;

/** Optimizers that keep the second moment of a matrix as row and column means. */
export const FACTORED_ROWS = family({ d: 0, decay: 'decoupled' } as const, {
  'adafactor-hf': {
    ...DIVIDED,
    title: l10n.t('Adafactor (scale_parameter=False)'),
    options: OPTIONS,
    saved: savedBy(false),
    source: HF_SOURCE,
  },
  'adafactor-hf-scale': {
    ...RELATIVE,
    title: l10n.t('Adafactor (scale_parameter=True)'),
    options: OPTIONS,
    saved: savedBy(true),
    source: HF_SOURCE,
  },
  'adafactor-hf-relative': {
    ...DIVIDED,
    title: l10n.t('Adafactor (relative_step=True, scale_parameter=False)'),
    exactness: 'approximate',
    limit: {
      code: 'relative-step',
      message: l10n.t(
        'With relative_step this Adafactor takes its learning rate from the number of the step: the learning rate would have to change with the init, and no config can set it.',
      ),
    },
    rate: 'fixed',
    options: RELATIVE_OPTIONS,
    source: HF_SOURCE,
  },
  'adafactor-hf-scale-relative': {
    ...RELATIVE,
    title: l10n.t('Adafactor (relative_step=True)'),
    rate: 'fixed',
    options: RELATIVE_OPTIONS,
    source: HF_SOURCE,
  },
  'adafactor-torch': {
    ...RELATIVE,
    title: l10n.t('Adafactor (torch)'),
    decayPower: 0,
    constants: [moving('eps', 1, 2 ** -23), EPS_RMS],
    exactness: 'approximate',
    limit: {
      code: 'eps-of-two-units',
      message: l10n.t(
        'torch uses one eps as the floor of the gradient and of its square, which change by different powers. At first the squared gradients of A are about as small as eps; this changes the trained weights by 0.3 %.',
      ),
    },
    defaults: { learningRate: 1e-2, weightDecay: 0.01 },
    options: { clipThreshold: 1, decayRate: -0.8 },
    source: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.Adafactor.html',
  },
  came: {
    ...DIVIDED,
    title: 'CAME',
    defaults: { betas: [0.9, 0.999] },
    options: { beta3: 0.9999, clipThreshold: 1, epsInstability: 1e-16 },
    source: 'https://github.com/yangluo7/CAME/blob/master/came_pytorch/CAME.py',
  },
  adalomo: {
    ...RELATIVE,
    title: 'AdaLomo',
    options: { clipThreshold: 1, decayRate: -0.8 },
    source: 'https://github.com/OpenLMLab/LOMO/blob/main/lomo_optim/adalomo.py',
  },
});
