import type { Explanation } from './explanation';

/** Findings about trainers of language models that keep their keys in files. */
export const LANGUAGE = {
  'adapts-nothing': {
    title: 'No layer gets LoRA',
    text: 'Every switch that would put LoRA on a kind of layer is off, so there is nothing to train. Turn one on, such as the query and value projections.',
  },
  'alpha-by-version': {
    title: 'What alpha means depends on the version of the trainer',
    text: 'Two versions of the trainer make different scalings of this file, and so train differently with one learning rate. The message says which version does what, and which of them the reading follows. Write the number down that both understand alike.',
  },
  'clip-null-clips': {
    title: 'This does not turn gradient clipping off',
    text: 'The trainer takes its default threshold where the whole setting is null. Set the threshold itself to null to have no clipping; that also makes other alphas exact where clipping would have set in at another point.',
  },
  'key-missing': {
    title: 'A key is missing that has no default here',
    text: 'The group of keys that the file gives takes the place of the whole default, so nothing of that is left, and the trainer stops at the key that is not there. Write it down.',
  },
  'key-not-read': {
    title: 'The trainer does not read a key where it stands',
    text: 'It looks for this number in another place of the file, so what stands here has no effect, and the default holds. Move it, or take it out.',
  },
  'null-as-text': {
    title: 'An empty value reaches the trainer as the word None',
    text: 'The trainer makes a command line of the file, in which every value is a text. None is no number there, so the run stops. Take the line out to have the default.',
  },
  'scale-missing': {
    title: 'The scale is missing, and the trainer stops without it',
    text: 'mlx-lm looks up scale among the LoRA parameters and has no default for it as soon as there are any; an alpha does not stand in for it. Write scale down: it is the scaling itself in every version of mlx-lm since 0.14.2.',
  },
  'second-rate': {
    title: 'Some LoRA factors have a learning rate of their own',
    text: 'Parameters whose names hold certain words train at another rate. Both rates must move by the same factor, and a plan moves both.',
  },
} satisfies Record<string, Explanation>;
