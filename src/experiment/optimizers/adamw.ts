import { adamMemory, adamStep } from './adam';
import { withDecoupledDecay } from './decay';
import { blockwise } from './optimizer';

/**
 * AdamW: Adam after the weights have shrunk by lr·decay; AMSGrad where the option `amsgrad` is 1.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html
 */
export const adamw = blockwise(adamMemory, (step) => adamStep(step, withDecoupledDecay(step), step.gradient));
