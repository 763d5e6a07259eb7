import * as l10n from '@vscode/l10n';
import type { Explanation } from './explanation';

/** Findings about learning rates, weight decay, clipping and parameters that train together with LoRA. */
export const RATE = {
  'eps-by-type': {
    title: l10n.t('The eps of this optimizer depends on the type of the weights'),
    text: l10n.t(
      'eps is not set, and its default depends on the precision of the weights. Set eps, so that the plan can change it.',
    ),
  },
  'loraplus-drops-decay': {
    title: l10n.t('The LoRA+ ratio turns weight decay off'),
    text: l10n.t(
      "PEFT's LoRA+ optimizer reads its weight decay from a separate keyword, which this trainer does not pass. The trainer ignores the weight decay of the file as long as the ratio is set. Remove one of the two, so that the file says what is trained.",
    ),
  },
  'loraplus-embeddings': {
    title: l10n.t('LoRA+ gives the LoRA of embeddings an absolute learning rate'),
    text: l10n.t(
      'With a LoRA+ ratio, LoRA factors of embedding layers have a learning rate that does not depend on the learning rate of the run. It defaults to 1e-6. A plan changes it if the file sets it. The default stays, so the embeddings learn at another pace. Set this learning rate in the file.',
    ),
  },
  'loraplus-one-part': {
    title: l10n.t('Only one part of the model has a LoRA+ ratio'),
    text: l10n.t(
      'The other part trains A and B with one learning rate. A plan that changes the ratio needs a ratio for both parts: set both.',
    ),
  },
  'lr-groups': {
    title: l10n.t('Parameter groups have their own learning rates'),
    text: l10n.t(
      'LoRA Alpha does not rewrite these learning rates. Multiply each one that belongs to a LoRA parameter by the same factor as the learning rate.',
    ),
  },
  'no-optimizer-flags': {
    title: l10n.t('No flag sets the numbers of the optimizer'),
    text: l10n.t(
      'The program has flags for LoRA, but reads learning rate, weight decay and eps from a config file only. Changing alpha without the learning rate would be another run, so LoRA Alpha does not write. Put the settings into a config file, name it on the command line, and change alpha there.',
    ),
  },
  'peft-variant': {
    title: l10n.t('This kind of LoRA is more than A and B'),
    text: l10n.t(
      'The method trains or draws numbers that do not scale with the factors A and B. The plan it limits is not exact, and its note says why.',
    ),
  },
  'text-encoder-default': {
    title: l10n.t('The text encoder trains with a default learning rate'),
    text: l10n.t(
      'unet_lr is set, but text_encoder_lr and learning_rate are not. The text encoder uses a default that no plan can change. Set text_encoder_lr.',
    ),
  },
  'trained-biases': {
    title: l10n.t("The model's own biases are trained too"),
    text: l10n.t(
      'These biases have no scaling, so another learning rate changes how they learn. Do not train them, or put them into a parameter group with the old learning rate.',
    ),
  },
  'schedule-rounds': {
    title: l10n.t('The schedule rounds the learning rate'),
    text: l10n.t(
      'SimpleTuner rounds the learning rates of its schedules cosine, sine and cosine_with_restarts down to multiples of 1e-9. Another learning rate is rounded differently, so no plan is exact. The relative error is up to 1e-5 at a learning rate of 1e-4, and up to 1e-3 at 1e-6. The schedules linear, constant and polynomial do not round.',
    ),
  },
  'unscaled-parameters': {
    title: l10n.t('Whole modules are trained with the same learning rate'),
    text: l10n.t(
      'These modules have no scaling, so another learning rate changes how they learn. Put them into their own parameter group with the old learning rate. The plan says which of its numbers are for LoRA only.',
    ),
  },
  'value-head': {
    title: l10n.t('A value head is trained with the same learning rate'),
    text: l10n.t(
      'The value head has no scaling, so another learning rate changes how it learns. Put it into its own parameter group with the old learning rate.',
    ),
  },
} satisfies Record<string, Explanation>;
