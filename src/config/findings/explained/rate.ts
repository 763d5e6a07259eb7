import type { Explanation } from './explanation';

/** Findings about learning rates, weight decay, clipping and what trains beside LoRA. */
export const RATE = {
  'eps-by-type': {
    title: 'The eps of this optimizer depends on the type of the weights',
    text: 'Nobody says eps, and the implementation takes one that depends on the precision in which the weights are kept. Write eps down, so that it can move with the plan.',
  },
  'loraplus-drops-decay': {
    title: 'With a LoRA+ ratio the weight decay is dropped',
    text: "PEFT's LoRA+ optimizer takes its weight decay from a keyword of its own, which this trainer does not pass. The decay in the file has no effect as long as the ratio is set. Take either of them out, so that the file says what is trained.",
  },
  'loraplus-embeddings': {
    title: 'LoRA+ gives the LoRA of embeddings an absolute learning rate',
    text: 'With a LoRA+ ratio, LoRA factors of embedding layers train at a learning rate that does not depend on the learning rate of the run: 1e-6 unless the file sets it. A plan moves a rate that stands in the file; the default stays, so the embeddings learn at another pace. Write the rate down.',
  },
  'loraplus-one-part': {
    title: 'Only one part of the model has a LoRA+ ratio',
    text: 'The other part trains A and B with one rate. A plan that moves the ratio needs one for both: write both down.',
  },
  'lr-groups': {
    title: 'Learning rates of their own are set for groups of parameters',
    text: 'They are not rewritten here. Multiply each rate of a LoRA parameter by the same factor as the learning rate.',
  },
  'no-optimizer-flags': {
    title: 'No flag sets the numbers of the optimizer',
    text: 'The program has flags for LoRA, but takes learning rate, decay and epsilon from a config file alone. An alpha without its rate is another run, so nothing is written. Put the settings into a config file, name it on the command line, and change alpha there.',
  },
  'peft-variant': {
    title: 'This kind of LoRA is more than A and B',
    text: "The method trains or draws something that does not follow the factors A and B, so the plan it limits is not exact. The plan's note says why.",
  },
  'text-encoder-default': {
    title: 'The text encoder trains with a default rate',
    text: 'unet_lr is set but neither text_encoder_lr nor learning_rate, so the text encoder keeps a default that no plan can move. Write text_encoder_lr down.',
  },
  'trained-biases': {
    title: "The model's own biases are trained too",
    text: 'They have no scaling, so a moved learning rate changes how they learn. Leave them out, or give them a group with the old rate.',
  },
  'schedule-rounds': {
    title: 'The schedule rounds the learning rate',
    text: 'SimpleTuner rounds the rates of its schedules cosine, sine and cosine_with_restarts down to multiples of 1e-9. Another learning rate is rounded elsewhere, so no plan is exact: a rate of 1e-4 differs by up to 1e-5 of itself, one of 1e-6 by up to 1e-3. The schedules linear, constant and polynomial do not round.',
  },
  'unscaled-parameters': {
    title: 'Whole modules are trained with the same learning rate',
    text: 'They have no scaling, so a moved learning rate changes how they learn. Give them a group of their own with the old rate; the plan says which of its numbers are for LoRA alone.',
  },
  'value-head': {
    title: 'A value head is trained with the same learning rate',
    text: 'It has no scaling, so a moved learning rate changes how it learns. Give it a group of its own with the old rate.',
  },
} satisfies Record<string, Explanation>;
