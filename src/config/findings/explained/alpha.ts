import type { Explanation } from './explanation';

/** Findings about alpha and the scaling. */
export const ALPHA = {
  'alpha-from-weights': {
    title: 'Rank and alpha come from loaded weights',
    text: 'The trainer takes rank and alpha from the weights it loads, so those in the file have no say. To train at another alpha, leave this switch out and rescale the loaded factors (the init code does it), or keep the alpha the weights were trained with.',
  },
  'alpha-implied': {
    title: 'Nobody wrote alpha, and its default gives an unusual scaling',
    text: 'Trainers differ in what they take where alpha is missing: 1, 8, 16, 32, the rank, or twice the rank. The scaling s = alpha/r then differs by a factor of 300 between them, and moves when the rank does. Write alpha down, so that the file says what is trained.',
  },
  'alpha-missing': {
    title: 'Alpha is missing, and this trainer has no default for it',
    text: 'Without an alpha there is no scaling, and the trainer stops. A common choice is alpha = rank, which makes the scaling 1. Where the key holds the scaling itself (scale of mlx-lm), write that one: mlx-lm takes 20 where lora_parameters is left out.',
  },
  'alpha-not-whole': {
    title: 'This trainer takes whole numbers only for alpha',
    text: 'An alpha with a fraction would be rejected. Choose one of the whole numbers beside it; learning rate and init are computed for exactly that one.',
  },
  'continues-adapter': {
    title: 'This run goes on from a trained adapter',
    text: 'The adapter brings its own rank and alpha, and the trainer takes those; the alpha in this file has no say. To go on at another alpha, the trained factors must be rescaled: multiply B·A by 1/k, so that the layer computes the same.',
  },
  'half-precision-weights': {
    title: "LoRA's own weights are kept in 16 bits",
    text: 'An init that is divided by a power of two stays exact; any other factor is rounded to 8 bits (bf16) or 11 bits (fp16), and far down fp16 ends at 6e-8. Prefer an alpha that is 4, 16 or 64 times the old one: then √k is a power of two.',
  },
  'rank-missing': {
    title: 'The rank is missing, and this trainer has no default for it',
    text: 'Without a rank there is no LoRA layer and no scaling. Give one, such as 16.',
  },
  'trained-adapter': {
    title: 'This adapter is trained',
    text: 'inference_mode is true, as in every adapter that PEFT has saved, or its weights are in the same folder. Its alpha belongs to the trained weights: another alpha multiplies what the adapter adds by k. So nothing is written to this file. Change alpha in the config or script that trains.',
  },
} satisfies Record<string, Explanation>;
