import { CONSTANTS, type ConstantId } from '../../recipe/optimizers/constants';
import type { MovedNumber } from '../spec';

const NAMES: Readonly<Partial<Record<MovedNumber, string>>> = {
  init: 'the init',
  lr: 'the learning rate',
  early: 'the rate of the first steps',
  weightDecay: 'weight decay',
  maxGradNorm: 'the clip threshold',
  maxGradValue: 'the clip threshold by value',
};

/** The name of a number in a sentence. */
export function numberName(what: MovedNumber): string {
  return NAMES[what] ?? CONSTANTS[what as ConstantId].noun;
}
