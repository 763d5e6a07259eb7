import type { Explanation } from './explanation';

/** Findings about the optimizer. */
export const OPTIMIZER = {
  'key-ignored': {
    title: 'This optimizer takes no notice of a key',
    text: 'The trainer does not hand this number on to the optimizer that the file names, so it has no effect. Take it out, or set it where the optimizer looks for it.',
  },
  'lion-decay-by-version': {
    title: 'What weight decay means for this Lion depends on its version',
    text: 'Some versions multiply the decay by the learning rate, others do not. With the first the decay moves against the rate, with the second it stays. The plan follows the current version.',
  },
  'never-learns': {
    title: 'This optimizer never moves B from zero',
    text: 'Its step is measured by the size of the weights, and B starts at zero: LoRA does not learn. Choose another optimizer, or an init in which B is not zero.',
  },
  'optimizer-overruled': {
    title: 'Another switch overrules the optimizer',
    text: 'Two keys name an optimizer, and the trainer listens to one of them. The reading follows that one.',
  },
  'optimizer-renamed': {
    title: 'The optimizer is known under another name',
    text: 'The trainer takes this name for another one. The reading follows what is really trained.',
  },
  'optimizer-stops': {
    title: 'This run stops',
    text: 'The optimizer raises an error on what this file gives it, so there is no run to keep. The message says what it takes.',
  },
  'optimizer-unknown': {
    title: 'No rule is known for this optimizer',
    text: "How an optimizer's step depends on the size of the gradient decides which learning rate keeps a run. For this one it is not known here, so no plan is offered. Choose an optimizer whose rule is known, or measure with your own trainer.",
  },
  'optimizer-without-rule': {
    title: 'No learning rate makes another alpha the same run',
    text: 'The step of this optimizer follows no power of the gradient, so there is no exact rule. What another alpha does can be measured, and the check does.',
  },
} satisfies Record<string, Explanation>;
