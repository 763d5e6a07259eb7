import { withDecoupledDecay } from './decay';
import { blockwise } from './optimizer';
import { sgdMemory, sgdStep } from './sgd';

/**
 * SGD after the weights have shrunk by lr·decay; without momentum this is LOMO.
 * @see https://arxiv.org/abs/1711.05101 and https://github.com/OpenLMLab/LOMO
 */
export const sgdw = blockwise(sgdMemory, (step) => sgdStep(step, withDecoupledDecay(step), step.gradient));
