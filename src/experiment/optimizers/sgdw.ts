import { withDecoupledDecay } from './decay';
import { zeros } from './memory';
import { blockwise } from './optimizer';
import { sgdStep } from './sgd';

/**
 * SGD after the weights have shrunk by lr·decay; without momentum this is LOMO.
 * @see https://arxiv.org/abs/1711.05101 and https://github.com/OpenLMLab/LOMO
 */
export const sgdw = blockwise(zeros(1), (step) => sgdStep(step, withDecoupledDecay(step), step.gradient));
