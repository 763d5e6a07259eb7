import * as l10n from '@vscode/l10n';
import { family, moving } from '../optimizer-row';

/** First guess of the distance to the solution, in units of the weights. */
const D0 = moving('d0', -1, 1e-6);
const EPS = moving('eps', 1, 1e-8);

const DISTANCE_WHY = l10n.t(
  'It finds its own step size from how far the weights have come, and that length shrinks with the init: the learning rate you set (1) is a factor on it and stays.',
);

const DADAPTATION = 'https://github.com/facebookresearch/dadaptation/blob/main/dadaptation';

const PRODIGY = {
  title: l10n.t('Prodigy'),
  decay: 'decoupled',
  options: { dCoef: 1, growthRate: 0, biasCorrection: 0, safeguardWarmup: 0 },
  source: 'https://github.com/konstmish/prodigy/blob/main/prodigyopt/prodigy.py',
} as const;

const DADAPT_ADAM = {
  title: l10n.t('D-Adaptation (Adam)'),
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
  defaults: { betas: [0.98, 0.92], weightDecay: 0.02 },
  options: { beta3: 0.99, growthRate: 0, noProx: 0 },
  source: `${DADAPTATION}/dadapt_adan.py`,
} as const;

/** All parameters share one estimate of the distance. */
const DISTANCE = {
  d: -1,
  e: 0,
  decay: 'coupled',
  gauges: 'symmetric',
  why: DISTANCE_WHY,
  constants: [D0, EPS],
  defaults: { learningRate: 1, betas: [0.9, 0.999] },
} as const;

/** Optimizers that estimate the distance to the solution, once for all parameters, and use it as step size. */
export const DISTANCE_ROWS = family(DISTANCE, {
  prodigy: PRODIGY,
  'prodigy-coupled': { ...PRODIGY, title: l10n.t('Prodigy (decouple=False)'), decay: 'coupled' },
  'dadapt-adam': DADAPT_ADAM,
  'dadapt-adam-decoupled': { ...DADAPT_ADAM, title: l10n.t('D-Adaptation (Adam, decouple=True)'), decay: 'decoupled' },
  'dadapt-adam-preprint': DADAPT_ADAM_PREPRINT,
  'dadapt-adam-preprint-decoupled': {
    ...DADAPT_ADAM_PREPRINT,
    title: l10n.t('D-Adaptation (Adam, preprint, decouple=True)'),
    decay: 'decoupled',
  },
  'dadapt-sgd': {
    title: l10n.t('D-Adaptation (SGD)'),
    constants: [D0],
    defaults: { betas: null, momentum: 0 },
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
    constants: [D0, { ...EPS, default: 1e-6 }],
    exactness: 'approximate',
    limit: {
      code: 'fixed-accumulator',
      message: l10n.t(
        'Its sum of squared gradients starts from a fixed 1e-6, which no config can change. At first the squared gradients of A are about as small; this changes the trained weights by 20 %.',
      ),
    },
    defaults: { betas: null, momentum: 0 },
    options: { growthRate: 0 },
    source: `${DADAPTATION}/dadapt_adagrad.py`,
  },
});

const SQUARED_EPS = moving('eps', 2, 1e-30);

const BOUNDS_WHY = l10n.t(
  'It divides the gradient by its own size, so a step is as long as the learning rate says. It raises and lowers that learning rate itself, from your initial value and within your bounds. All of them change with the init, by √k.',
);

/** Optimizers that change their learning rate as they go, from a start and within bounds that are set. */
export const OWN_RATE_ROWS = family({ d: 0, e: 0, decay: 'decoupled', gauges: 'symmetric', why: BOUNDS_WHY } as const, {
  automagic: {
    title: l10n.t('Automagic'),
    constants: [SQUARED_EPS, moving('rateBump', -1, 1e-6), moving('minRate', -1, 1e-7), moving('maxRate', -1, 1e-3)],
    defaults: { learningRate: 1e-6 },
    options: { beta2: 0.999, clipThreshold: 1 },
    source: 'https://github.com/ostris/ai-toolkit/blob/main/toolkit/optimizers/automagic.py',
  },
  automagic3: {
    title: l10n.t('Automagic 3'),
    constants: [SQUARED_EPS, moving('minRate', -1, 1e-8), moving('maxRate', -1, 1e3)],
    defaults: { learningRate: 1e-6 },
    options: { beta2: 0.999, clipThreshold: 1, polarityHistory: 8 },
    source: 'https://github.com/ostris/ai-toolkit/blob/main/toolkit/optimizers/automagic3.py',
  },
});

/** Optimizers that can be trained and measured here, but for which no power of the scaling gives the same run. */
export const NO_RULE_ROWS = family({ noRule: true } as const, {
  'dadapt-lion': {
    title: l10n.t('D-Adaptation (Lion)'),
    d: 0,
    e: 0,
    decay: 'decoupled',
    constants: [moving('d0', 0, 1e-6)],
    exactness: 'approximate',
    limit: {
      code: 'no-rule',
      message: l10n.t(
        'It takes the sign of a sum of the gradient, which grows with the scaling, and an average that is in units of the step, which does not. How much each counts, and so the sign, changes with the scaling by no power of it.',
      ),
    },
    gauges: 'symmetric',
    why: l10n.t(
      'No rule is known. While its steps are small, the average hardly counts, and it is close to Lion with a learning rate that it finds itself. A step then has the same length whatever the gradient, so the learning rate that keeps the effect of B changes by k. The growth of that learning rate does not change by k.',
    ),
    defaults: { learningRate: 1, betas: [0.9, 0.99] },
    source: 'https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/dadapt_lion.py',
  },
});
