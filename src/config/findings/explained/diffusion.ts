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
  'trained-scalar': {
    title: 'A third factor is trained in front of B·A',
    text: 'It starts at zero while both A and B start at random. The rules here are those of two factors, so no plan makes another alpha the same run. Leave the scalar out, or let the experiment decide.',
  },
} satisfies Record<string, Explanation>;
