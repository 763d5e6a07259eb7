import * as l10n from '@vscode/l10n';
import { family, type MovingConstant } from '../optimizer-row';

/** First guess of the distance to the solution, in units of the weights. */
const D0: MovingConstant = { constant: 'd0', power: -1, default: 1e-6 };
const EPS: MovingConstant = { constant: 'eps', power: 1, default: 1e-8 };

const WHY = l10n.t(
  'It finds its own step size from how far the weights have come, and that length shrinks with the init: the learning rate you set (1) is a factor on it and stays.',
);

const DADAPTATION = 'https://github.com/facebookresearch/dadaptation/blob/main/dadaptation';

const PRODIGY = {
  title: l10n.t('Prodigy'),
  decay: 'decoupled',
  constants: [D0, EPS],
  defaults: { learningRate: 1, betas: [0.9, 0.999], weightDecay: 0, momentum: null },
  options: { dCoef: 1, growthRate: 0, biasCorrection: 0, safeguardWarmup: 0 },
  source: 'https://github.com/konstmish/prodigy/blob/main/prodigyopt/prodigy.py',
} as const;

const DADAPT_ADAM = {
  title: l10n.t('D-Adaptation (Adam)'),
  decay: 'coupled',
  constants: [D0, EPS],
  defaults: { learningRate: 1, betas: [0.9, 0.999], weightDecay: 0, momentum: null },
  options: { growthRate: 0, biasCorrection: 0 },
  source: `${DADAPTATION}/dadapt_adam.py`,
} as const;

const DADAPT_ADAM_PREPRINT = {
  ...DADAPT_ADAM,
  title: l10n.t('D-Adaptation (Adam, preprint)'),
  options: { growthRate: 0 },
  source: `${DADAPTATION}/experimental/dadapt_adam_preprint.py`,
} as const;

const DADAPT_ADAN = {
  title: l10n.t('D-Adaptation (Adan)'),
  decay: 'decoupled',
  constants: [D0, EPS],
  defaults: { learningRate: 1, betas: [0.98, 0.92], weightDecay: 0.02, momentum: null },
  options: { beta3: 0.99, growthRate: 0, noProx: 0 },
  source: `${DADAPTATION}/dadapt_adan.py`,
} as const;

/** All parameters share one estimate of the distance. */
const COMMON = { d: -1, e: 0, exactness: 'exact', gauges: 'symmetric', why: WHY } as const;

/** Optimizers that estimate the distance to the solution, once for all parameters, and use it as step size. */
export const DISTANCE_ROWS = family(COMMON, {
  prodigy: PRODIGY,
  'prodigy-coupled': { ...PRODIGY, title: l10n.t('Prodigy (decouple=False)'), decay: 'coupled' },
  'dadapt-adam': DADAPT_ADAM,
  'dadapt-adam-decoupled': {
    ...DADAPT_ADAM,
    title: l10n.t('D-Adaptation (Adam, decouple=True)'),
    decay: 'decoupled',
  },
  'dadapt-adam-preprint': DADAPT_ADAM_PREPRINT,
  'dadapt-adam-preprint-decoupled': {
    ...DADAPT_ADAM_PREPRINT,
    title: l10n.t('D-Adaptation (Adam, preprint, decouple=True)'),
    decay: 'decoupled',
  },
  'dadapt-sgd': {
    title: l10n.t('D-Adaptation (SGD)'),
    decay: 'coupled',
    constants: [D0],
    defaults: { learningRate: 1, betas: null, weightDecay: 0, momentum: 0 },
    options: { growthRate: 0 },
    source: `${DADAPTATION}/dadapt_sgd.py`,
  },
  'dadapt-adan': DADAPT_ADAN,
  'dadapt-adan-ip': {
    ...DADAPT_ADAN,
    title: l10n.t('D-Adaptation (Adan, inner product)'),
    source: `${DADAPTATION}/experimental/dadapt_adan_ip.py`,
  },
  'dadapt-adagrad': {
    title: l10n.t('D-Adaptation (Adagrad)'),
    decay: 'coupled',
    constants: [D0, { ...EPS, default: 1e-6 }],
    exactness: 'approximate',
    limit: {
      code: 'fixed-accumulator',
      message: l10n.t(
        'Its sum of squared gradients starts from a fixed 1e-6, which no config can change. At first the squared gradients of A are about as small; this changes the trained weights by 20 %.',
      ),
    },
    defaults: { learningRate: 1, betas: null, weightDecay: 0, momentum: 0 },
    options: { growthRate: 0 },
    source: `${DADAPTATION}/dadapt_adagrad.py`,
  },
});
