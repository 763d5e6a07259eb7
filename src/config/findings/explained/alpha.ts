import * as l10n from '@vscode/l10n';
import type { Explanation } from './explanation';

/** Findings about alpha and the scaling. */
export const ALPHA = {
  'alpha-from-weights': {
    title: l10n.t('Rank and alpha come from loaded weights'),
    text: l10n.t(
      'The trainer takes rank and alpha from the weights it loads and ignores those in the file. To train at another alpha, remove this switch and rescale the loaded factors (the init code does this). Or keep the alpha the weights were trained with.',
    ),
  },
  'alpha-implied': {
    title: l10n.t('Alpha is not set; the default gives an unusual scaling'),
    text: l10n.t(
      'Trainers have different defaults for alpha: 1, 8, 16, 32, the rank, or twice the rank. The scaling s = alpha/r then differs between trainers by a factor of up to 300, and changes with the rank. Set alpha, so that the file says what is trained.',
    ),
  },
  'alpha-missing': {
    title: l10n.t('Alpha is missing, and this trainer has no default for it'),
    text: l10n.t(
      'Without an alpha there is no scaling, and the trainer stops. A common choice is alpha = rank, which makes the scaling 1. If the key holds the scaling itself (`scale` of mlx-lm), set that key: mlx-lm defaults to 20 if lora_parameters is not set.',
    ),
  },
  'alpha-not-whole': {
    title: l10n.t('This trainer needs a whole number for alpha'),
    text: l10n.t(
      'The trainer rejects an alpha with a fraction. Choose one of the two nearest whole numbers. LoRA Alpha computes learning rate and init for exactly that number.',
    ),
  },
  'continues-adapter': {
    title: l10n.t('This run continues training an adapter'),
    text: l10n.t(
      'The trainer takes rank and alpha from the trained adapter and ignores the alpha in this file. To continue at another alpha, rescale the trained factors: multiply B·A by 1/k, so that the layer computes the same.',
    ),
  },
  'half-precision-weights': {
    title: l10n.t("LoRA's own weights are kept in 16 bits"),
    text: l10n.t(
      'An init that is divided by a power of two stays exact. Any other factor is rounded to 8 bits (bf16) or 11 bits (fp16), and the smallest number in fp16 is 6e-8. Prefer an alpha that is 4, 16 or 64 times the old one: then √k is a power of two.',
    ),
  },
  'rank-missing': {
    title: l10n.t('The rank is missing, and this trainer has no default for it'),
    text: l10n.t('Without a rank there is no LoRA layer and no scaling. Set one, such as 16.'),
  },
  'trained-adapter': {
    title: l10n.t('This adapter is trained'),
    text: l10n.t(
      'inference_mode is true, as in every adapter that PEFT saves, or the weights are in the same folder. The alpha belongs to the trained weights: another alpha multiplies the output of the adapter by k. So LoRA Alpha does not write to this file. Change alpha in the config or script that trains.',
    ),
  },
} satisfies Record<string, Explanation>;
