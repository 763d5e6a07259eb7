import { numberLabel } from '../../recipe/notation';
import type { ReadField } from '../reading';
import type { Otherwise } from '../trainers/shared/fields';

/** What a sentence calls a field. */
const NOUNS: Readonly<Partial<Record<ReadField, string>>> = {
  rank: 'the rank',
  learningRate: 'the learning rate',
  optimizer: 'the optimizer',
  weightDecay: 'the weight decay',
  eps: 'epsilon',
  momentum: 'the momentum',
  maxGradNorm: 'max grad norm',
  scheduler: 'the schedule',
  warmup: 'the warm-up',
  dropout: 'the LoRA dropout',
  targetModules: 'the target modules',
  init: 'the init',
};

/**
 * The sentence about a default: `PEFT defaults alpha to 8, whatever the rank.`
 * @param trainer who has it unless the default says who
 */
export function whyDefault(field: ReadField, { value, who, why }: Otherwise, trainer: string): string {
  // A default that depends on the rank has a sentence of its own.
  const always = field === 'alpha' ? ', whatever the rank' : '';
  return why ?? `${who ?? trainer} defaults ${NOUNS[field] ?? field} to ${valueLabel(value)}${always}.`;
}

function valueLabel(value: Otherwise['value']): string {
  if (typeof value === 'number') return numberLabel(value);
  return Array.isArray(value) ? value.map((one) => numberLabel(one as number)).join(' and ') : String(value);
}
