import * as l10n from '@vscode/l10n';
import { family, moving, scaleFree } from '../optimizer-row';

const COMMON = { d: 0, e: 0, decay: 'decoupled', constants: [moving('eps', 1, 1e-8)] } as const;

/** Optimizers that treat a gradient as a matrix, not element by element. */
export const MATRIX_ROWS = family(COMMON, {
  muon: {
    title: l10n.t('Muon'),
    rounds: true,
    constants: [moving('eps', 1, 1e-7)],
    why: scaleFree(l10n.t('Muon turns the gradient into a matrix of fixed size and keeps only its directions')),
    defaults: { weightDecay: 0.1, momentum: 0.95, nesterov: true },
    options: { nsSteps: 5, matchRms: 0, lerp: 0, clampNorm: 0 },
    source: 'https://github.com/KellerJordan/Muon/blob/master/muon.py',
  },
  shampoo: {
    title: l10n.t('Shampoo'),
    decay: 'coupled',
    constants: [moving('eps', 2, 1e-6)],
    why: l10n.t(
      'Shampoo multiplies the gradient G by inverse fourth roots of sums of G·Gᵀ and Gᵀ·G, so a step does not depend on the scaling: the learning rate changes with the init, by √k. Its eps is a squared gradient and changes by k.',
    ),
    defaults: { learningRate: 1e-2 },
    // Steps shrink as 1/√t.
    stride: 0.05,
    source: 'https://arxiv.org/abs/1802.09568',
  },
  soap: {
    title: 'SOAP',
    exactness: 'nearly',
    limit: {
      code: 'directions-by-rounding',
      message: l10n.t(
        'SOAP runs Adam along directions it computes from past gradients. Directions in which there is no gradient are left to rounding, and a step along them is as large as any: the runs agree on paper, but any rounding drives them apart, as it does two runs of the same recipe.',
      ),
    },
    why: scaleFree(l10n.t('SOAP is Adam in other directions, and Adam divides the gradient by its own size')),
    defaults: { learningRate: 3e-3, betas: [0.95, 0.95], weightDecay: 0.01 },
    source: 'https://github.com/nikhilvyas/SOAP/blob/main/soap.py',
  },
  dion: {
    title: l10n.t('Dion'),
    why: scaleFree(l10n.t('Dion steps along a few directions of the gradient, each as far as the others')),
    defaults: { learningRate: 0.01, weightDecay: 0.01, momentum: 0.95 },
    options: { rankFraction: 1 },
    source: 'https://github.com/microsoft/dion/blob/main/dion/dion.py',
  },
  sinkgd: {
    title: 'SinkGD',
    exactness: 'nearly',
    limit: {
      code: 'eps-of-two-units',
      message: l10n.t(
        'SinkGD holds one eps against gradients, which grow with the scaling, and against what it has normalised already, which does not: one value cannot be right for both. It tells only where a row of the gradient is as small as eps.',
      ),
    },
    why: scaleFree(l10n.t('SinkGD brings every row and column of the gradient to the same length')),
    options: { iterations: 5, lrScale: 0.05 },
    stride: 0.05,
    source: 'https://github.com/axolotl-ai-cloud/axolotl/blob/main/src/axolotl/utils/optimizers/sinkgd.py',
  },
  galore: {
    title: l10n.t('GaLore AdamW'),
    constants: [moving('eps', 1, 1e-6)],
    exactness: 'nearly',
    limit: {
      code: 'directions-by-rounding',
      message: l10n.t(
        'GaLore runs Adam along the strongest directions of the gradient. Which these are does not depend on the scaling, but where two are about as strong, rounding may turn them, and the runs agree less well than rounding alone would have it.',
      ),
    },
    why: scaleFree(l10n.t('GaLore is Adam in a few directions, and Adam divides the gradient by its own size')),
    defaults: { betas: [0.9, 0.999] },
    options: { rank: 128, updateGap: 200, scale: 0.25 },
    stride: 0.25,
    source: 'https://github.com/jiaweizzhao/GaLore/blob/master/galore_torch/adamw.py',
  },
  apollo: {
    title: 'APOLLO',
    constants: [moving('eps', 1, 1e-6)],
    exactness: 'nearly',
    limit: {
      code: 'fixed-beside-norm',
      message: l10n.t(
        'APOLLO adds 1e-8 to the norms it divides by and has no way to set that; it tells only where gradients are as small. Its random projections are the same in both runs only if the seed is.',
      ),
    },
    why: scaleFree(l10n.t("APOLLO scales the gradient to the length of Adam's step")),
    defaults: { betas: [0.9, 0.999] },
    options: { rank: 128, updateGap: 200, scale: 1, tensorWise: 0 },
    source: 'https://github.com/zhuhanqing/APOLLO/blob/main/apollo_torch/apollo.py',
  },
  'lora-fa': {
    rounds: true,
    title: 'LoRA-FA',
    // The gradient is divided by s² first, so Adam sees it divided by c.
    constants: [moving('eps', -1, 1e-6)],
    frozen: 'A',
    why: l10n.t(
      'LoRA-FA trains only B. A step of B does not depend on the scaling, but its effect on the output grows by k, so the learning rate of B is divided by k. The init stays.',
    ),
    defaults: { betas: [0.9, 0.999] },
    source: 'https://github.com/huggingface/peft/blob/main/src/peft/optimizers/lorafa.py',
  },
});
