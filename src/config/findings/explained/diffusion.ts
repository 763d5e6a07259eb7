import type { Explanation } from './explanation';

/** Findings about trainers of diffusion models, which train several parts of a model and decide some things themselves. */
export const DIFFUSION = {
  'alpha-ignored': {
    title: 'Alpha has no effect here',
    text: 'This trainer sets the scaling to 1 for this model, whatever alpha the file says, so an alpha other than the rank promises what is not trained. To learn faster or slower, change the learning rate. Write alpha = rank, or leave alpha out, so that the file says what is trained.',
  },
  'alpha-rejected': {
    title: 'This trainer stops where a config says alpha',
    text: 'It forces the scaling to 1 and refuses the key, so that nobody takes it for a setting. Take the line out, and change the learning rate where you wanted another alpha.',
  },
  'additional-parameters': {
    title: 'Additional parameters overrule what the file says elsewhere',
    text: 'They are put on the command line behind the config, and there the last one counts. A whole list of arguments, such as optimizer_args, replaces the one in the config. Write such arguments where the interface has a field for them, so that they can be read and moved.',
  },
  'key-rejected': {
    title: 'The trainer stops on this key',
    text: 'It sets the value itself, or has no such setting here, and the key ends the run before it begins. Take it out.',
  },
  'clip-not-off': {
    title: 'A clip threshold of 0 is not handed on',
    text: 'The interface leaves out every setting that is 0, false or empty, and the trainer behind it then takes its own default, which clips at 1.0. So 0 does not turn clipping off here; a flag among the additional parameters does.',
  },
  'rate-overridden': {
    title: 'A learning rate has no effect',
    text: 'Another key is the rate of every part that is trained, so a change of this one changes nothing. Change the one that wins, or take this one out.',
  },
  'rate-scaled': {
    title: 'The trainer multiplies the written learning rate',
    text: 'What trains is the written number times a factor of batch size, accumulation steps or processes. A plan multiplies the written number, which multiplies the trained one alike, so it holds; only the number that trains is another than the one that is read here.',
  },
  'rate-stays-small': {
    title: 'This rate is meant for an optimizer that finds its own',
    text: 'Prodigy and D-Adaptation find their step size and multiply it by the learning rate, which should be near 1. The trainer replaces a rate below 0.1 only where a group of parameters has none of its own, and those of a LoRA have one. So the small number counts, and nearly nothing is learned. Write 1.0.',
  },
  'max-norm-by-file': {
    title: 'Weight norms are measured with the alpha of the loaded weights',
    text: 'scale_weight_norms scales a module down when the norm of scaling · B·A is above a limit. It computes that norm with the alpha that network_weights brought, not with the one of the config. So another alpha in the config changes which modules are scaled down. Leave scale_weight_norms out, or start without network_weights.',
  },
  'merges-and-restarts': {
    title: 'The run merges the LoRA and starts it anew',
    text: 'With train.merge_network_on_save, ai-toolkit merges the LoRA into the model at every save, draws A anew and sets B to zero. The new A has the size of the init, not the size that a plan gave the first one. Turn it off, or divide A in reset_weights as well.',
  },
  'rate-forced': {
    title: 'The trainer replaces this learning rate',
    text: 'Automagic takes a starting rate above 1e-3 for a mistake and starts at 1e-6 instead. A plan moves the written rate, which may then be taken, so the run would not be the same. Write a rate of at most 1e-3.',
  },
  'perturbed-weights': {
    title: 'GGPO disturbs the weights by their norms',
    text: 'networks.lora_flux and networks.lora_hunyuan_image add noise of the size ggpo_sigma · ‖W‖ + ggpo_beta · ‖g‖² while they train. ‖W‖ stays when alpha moves and ‖g‖ does not, so no plan makes another alpha the same run. Leave both arguments out, or measure with check.',
  },
  'rates-refused': {
    title: 'This optimizer takes one learning rate for all',
    text: 'Prodigy and D-Adaptation estimate one step size for all parameters. Groups with different learning rates, other than 0, raise a RuntimeError at the first step. Write the same rate for every part that trains, or take another optimizer.',
  },
  'text-encoder-decay': {
    title: 'The text encoder keeps a weight decay of its own',
    text: "diffusers' scripts give the text encoder the decay of --adam_weight_decay_text_encoder. A plan moves it with --adam_weight_decay; where that is 0 nothing moves, and the text encoder's decay is left behind. Set both to 0, or both to something.",
  },
  'trained-scalar': {
    title: 'A third factor is trained in front of B·A',
    text: 'It starts at zero while both A and B start at random. The rules here are those of two factors, so no plan makes another alpha the same run. Leave the scalar out, or let the experiment decide.',
  },
} satisfies Record<string, Explanation>;
