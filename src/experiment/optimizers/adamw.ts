import { adamStep } from './adam';
import { withDecoupledDecay } from './decay';
import { zeros } from './memory';
import { blockwise } from './optimizer';

/**
 * AdamW: Adam after the weights have shrunk by lr·decay.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html
 */
export const adamw = blockwise(zeros(2), (step) => adamStep(step, withDecoupledDecay(step), step.gradient));
