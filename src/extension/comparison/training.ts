import { specForPair } from '../../experiment/specs/spec-for-pair';
import type { SpecOptions } from '../../experiment/specs/spec-for';
import type { TrainingView } from '../../messages/comparison';
import type { SideNames } from '../../recipe/compare/compared';
import type { Experiment } from '../runs/run-state';
import type { ComparedConfigs } from './comparison-view';

/** What training both configs would show: the experiment, or why there is none. */
export interface PairTraining extends Omit<TrainingView, 'run'> {
  experiment: Experiment | null;
}

/**
 * The experiment that trains both compared configs.
 * @param options what the settings say of the experiment
 */
export function trainingOf(
  { first, second, result }: ComparedConfigs,
  names: SideNames,
  options: SpecOptions,
): PairTraining {
  const found = specForPair(first, second, result, names, options);
  if (typeof found === 'string') return { refusal: found, untrained: '', assumptions: [], experiment: null };
  const { spec, claim, untrained, assumptions } = found;
  const { notUnderstood } = result;
  const pair = { names, untrained, differs: claim.limit ?? '', notUnderstood };
  // What is not trained is in the key too: if it changes, the same curves need another verdict.
  const key = JSON.stringify([spec, claim, pair]);
  return { refusal: null, untrained, assumptions, experiment: { spec, plan: null, pair, claim, key } };
}
