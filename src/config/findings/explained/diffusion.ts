import * as l10n from '@vscode/l10n';
import type { Explanation } from './explanation';

/** Findings about trainers of diffusion models, which train several parts of a model and set some numbers themselves. */
export const DIFFUSION = {
  'alpha-ignored': {
    title: l10n.t('The trainer ignores alpha'),
    text: l10n.t(
      'This trainer sets the scaling to 1 for this model, whatever alpha the file has. An alpha other than the rank is misleading. To learn faster or slower, change the learning rate. Set alpha = rank, or remove alpha, so that the file says what is trained.',
    ),
  },
  'alpha-rejected': {
    title: l10n.t('The trainer stops if the config sets alpha'),
    text: l10n.t(
      'The trainer always sets the scaling to 1 and refuses the key alpha, so that nobody expects alpha to change anything. Remove the line. If you wanted another alpha, change the learning rate.',
    ),
  },
  'additional-parameters': {
    title: l10n.t('Additional parameters override the config'),
    text: l10n.t(
      'The interface adds these parameters to the command line after the config, and the last value counts. A list of arguments, such as optimizer_args, replaces the whole list of the config. Use the field of the interface for each argument that has one: LoRA Alpha can read and change those fields.',
    ),
  },
  'key-rejected': {
    title: l10n.t('The trainer stops on this key'),
    text: l10n.t(
      'The trainer sets the value itself, or has no such setting here, and stops before training starts. Remove the key.',
    ),
  },
  'clip-not-off': {
    title: l10n.t('A max grad norm of 0 does not reach the trainer'),
    text: l10n.t(
      'The interface leaves out every setting that is 0, false or empty. The trainer then uses its own default and clips at 1.0, so 0 does not turn clipping off here. A flag among the additional parameters does.',
    ),
  },
  'rate-overridden': {
    title: l10n.t('The trainer ignores this learning rate'),
    text: l10n.t(
      'Another key sets the learning rate of every part that is trained, so changing this one changes nothing. Change the key that counts, or remove this one.',
    ),
  },
  'rate-scaled': {
    title: l10n.t('The trainer multiplies the learning rate of the file'),
    text: l10n.t(
      'The trainer multiplies the learning rate of the file by batch size, accumulation steps or the number of processes. A plan still holds: multiplying the number in the file multiplies the effective learning rate by the same factor. Only the effective learning rate differs from the one shown here.',
    ),
  },
  'rate-stays-small': {
    title: l10n.t('This optimizer needs a learning rate near 1'),
    text: l10n.t(
      'Prodigy and D-Adaptation estimate their step size and multiply it by the learning rate, which should be near 1. The trainer replaces a learning rate below 0.1 only for parameter groups without a learning rate of their own, and the groups of a LoRA have one. So the small number counts, and the run learns almost nothing. Set 1.0.',
    ),
  },
  'max-norm-by-file': {
    title: l10n.t('Weight norms are measured with the alpha of the loaded weights'),
    text: l10n.t(
      'scale_weight_norms scales a module down if the norm of scaling · B·A is above a limit. The norm is computed with the alpha from network_weights, not with the alpha of the config. So another alpha in the config changes which modules are scaled down. Remove scale_weight_norms, or start without network_weights.',
    ),
  },
  'merges-and-restarts': {
    title: l10n.t('The run merges the LoRA and restarts it'),
    text: l10n.t(
      'With train.merge_network_on_save, ai-toolkit merges the LoRA into the model at every save, draws a new A and sets B to zero. The new A has the size of the original init, not the size that the plan gave the first A. Turn the switch off, or divide A in reset_weights as well.',
    ),
  },
  'rate-forced': {
    title: l10n.t('The trainer replaces this learning rate'),
    text: l10n.t(
      'Automagic treats a starting learning rate above 1e-3 as a mistake and starts at 1e-6 instead. A plan changes the learning rate in the file. Automagic may accept the new one, and the run would then not be the same. Set a learning rate of at most 1e-3.',
    ),
  },
  'perturbed-weights': {
    title: l10n.t('GGPO adds noise that depends on weight norms'),
    text: l10n.t(
      'networks.lora_flux and networks.lora_hunyuan_image add noise of the size ggpo_sigma · ‖W‖ + ggpo_beta · ‖g‖² during training. When alpha changes, ‖W‖ stays and ‖g‖ changes, so no plan makes another alpha the same run. Remove both arguments, or measure the effect with the check.',
    ),
  },
  'rates-refused': {
    title: l10n.t('This optimizer needs one learning rate for all parameters'),
    text: l10n.t(
      'Prodigy and D-Adaptation estimate one step size for all parameters. Groups with different learning rates, other than 0, raise a RuntimeError at the first step. Set the same learning rate for every part that trains, or choose another optimizer.',
    ),
  },
  'text-encoder-decay': {
    title: l10n.t('The text encoder has its own weight decay'),
    text: l10n.t(
      "diffusers' scripts use --adam_weight_decay_text_encoder for the text encoder. A plan changes it together with --adam_weight_decay. If --adam_weight_decay is 0, the plan changes neither, and the weight decay of the text encoder is wrong at the new alpha. Set both to 0, or neither.",
    ),
  },
  'trained-scalar': {
    title: l10n.t('A trained scalar multiplies B·A'),
    text: l10n.t(
      'The scalar starts at zero, while both A and B start at random. The rules of LoRA Alpha are for two factors, so no plan makes another alpha the same run. Remove the scalar, or measure the effect with the check.',
    ),
  },
} satisfies Record<string, Explanation>;
