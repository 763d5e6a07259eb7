import type { Explanation } from './explanation';

/** Findings about the optimizer. */
export const OPTIMIZER = {
  'key-ignored': {
    title: 'This optimizer ignores a key',
    text: 'The trainer does not pass this number to the optimizer that the file names. Remove the key, or set the number where the optimizer reads it.',
  },
  'lion-decay-by-version': {
    title: 'What weight decay means for this Lion depends on its version',
    text: 'Some versions multiply the weight decay by the learning rate, others do not. In the first case the weight decay changes opposite to the learning rate, in the second case it stays. The plan follows the current version.',
  },
  'never-learns': {
    title: 'This optimizer never moves B from zero',
    text: 'The step is proportional to the size of the weights, and B starts at zero: LoRA does not learn. Choose another optimizer, or an init in which B is not zero.',
  },
  'optimizer-overruled': {
    title: 'Another key overrides the optimizer',
    text: 'Two keys name an optimizer, and the trainer uses one of them. LoRA Alpha reads that one.',
  },
  'optimizer-renamed': {
    title: 'The trainer uses another optimizer under this name',
    text: 'In this trainer the name stands for another optimizer. LoRA Alpha reads the optimizer that trains.',
  },
  'optimizer-stops': {
    title: 'This run stops',
    text: 'The optimizer raises an error on a value of this file, so there is no run to keep. The message says which values it accepts.',
  },
  'optimizer-unknown': {
    title: 'Unknown optimizer',
    text: "Which learning rate keeps a run depends on how the optimizer's step grows with the gradient. For this optimizer that is unknown, so LoRA Alpha offers no plan. Choose a known optimizer, or measure with your own trainer.",
  },
  'optimizer-without-rule': {
    title: 'No learning rate makes another alpha the same run',
    text: 'The step of this optimizer does not grow as a power of the gradient, so there is no exact rule. The check measures what another alpha does.',
  },
} satisfies Record<string, Explanation>;
