import type { ConstantId } from '../optimizers/optimizer-row';

/** What a constant is, for a sentence. */
export const CONSTANT_NAMES: Readonly<Record<ConstantId, string>> = {
  eps: 'eps',
  epsRms: "the floor of the weights' size (eps[1])",
  initialAccumulator: 'the initial accumulator',
  lambd: 'lambd',
  stepMin: 'the smallest step',
  stepMax: 'the largest step',
  gamma: 'gamma',
  d0: 'd0',
  trustCap: 'the largest trust norm',
  maxUnorm: 'max_unorm',
  tensorClip: 'the clip threshold of each tensor',
  maxRate: 'the largest rate',
  minRate: 'the smallest rate',
  rateBump: 'the step of the rate',
};
