import type { Explanation } from './explanation';

/** Findings about searches for hyperparameters. */
export const SWEEP = {
  'alpha-swept': {
    title: 'A search varies alpha at one learning rate',
    text: 'Alpha multiplies the scaling, and so do the learning rate and the size of the init. Up to that size, a run at k times the alpha is the run at √k times the learning rate under Adam, and at k times under SGD (with weight decay, eps and clip threshold moved as docs/optimizers.md says). The search looks for a learning rate in disguise, in steps that are as coarse as those of alpha.',
  },
  'swept-together': {
    title: 'A search varies alpha and the learning rate together',
    text: 'Two runs with the same rank and the same lr·√alpha (under Adam; lr·alpha under SGD) are one run, but for the size that A starts with and for weight decay, eps and clip threshold, which would have to move too. A grid over both tries the same runs several times. Hold alpha and vary the learning rate; to try another size of the init, say so by the init.',
  },
} satisfies Record<string, Explanation>;
