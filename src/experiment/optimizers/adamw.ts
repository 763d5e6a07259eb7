import { adamStep } from './adam';
import type { Optimizer } from './optimizer';
import { withDecoupledDecay } from './decay';

/**
 * AdamW: Adam after the weights have shrunk by lr·decay.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html
 */
export const adamw: Optimizer = {
  slots: 2,
  update: (step) => adamStep(step, withDecoupledDecay(step), step.gradient),
};
