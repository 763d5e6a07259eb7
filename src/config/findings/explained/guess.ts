import type { Explanation } from './explanation';

/** Findings about configs of no trainer that is known here. */
export const GUESS = {
  guessed: {
    title: 'The keys were taken for what they are called',
    text: 'No trainer that is known here reads this file, or has this command. A block with a rank and an alpha that speaks of LoRA, or a command with both and a learning rate among its flags, was taken for a LoRA config, and keys near it with well-known names for the rest; the message lists them. A file with several such blocks is left alone. No default is assumed, because only the code knows. Nothing is written before you have agreed: `rewrite --write` wants `--accept-guess`, and the preview of Apply says it too.',
  },
  'guess-other-rates': {
    title: 'Further learning rates stand near the one that was taken',
    text: 'They may be of other parts of the model, of another run, or a floor of the schedule. What trains LoRA factors under the same scaling must move by the same factor; what has no scaling must stay. Only the code knows which it is.',
  },
  'guess-unsure': {
    title: 'It is unclear which key is meant, so none was taken',
    text: 'Several keys near the LoRA block have names of this field, or the only one stands in another block than the learning rate. Make clear what is meant, or move the number yourself as the plan says.',
  },
} satisfies Record<string, Explanation>;
