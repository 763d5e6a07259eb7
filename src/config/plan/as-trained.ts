import * as l10n from '@vscode/l10n';
import type { Caveat } from '../../recipe/caveats/caveat';
import type { Interpretation, Network } from '../understand/interpretation';
import { trainerSupport } from './trainer-support';
import { interpretationOf } from '../read';
import type { Reading, ReadRecipe } from '../reading';

/**
 * A recipe without the values that its trainer ignores: in some trainers weight decay beside a LoRA+ ratio, or the ratio
 * itself with some optimizers. The reading keeps the values of the file.
 * @param text the text `reading` was read from
 */
export function asTrained(text: string, reading: Reading, recipe: ReadRecipe, index: number): ReadRecipe {
  const located = interpretationOf(text, reading, index);
  const network = located?.file.networks[located.index];
  return located && network ? asTrainedIn(located.file, { ...network, recipe }) : recipe;
}

/** {@link asTrained} for an interpretation. */
export function asTrainedIn(file: Interpretation, network: Network): ReadRecipe {
  const { recipe } = network;
  if (recipe.loraplusLrRatio === null) return recipe;
  const { settable, loraplus } = trainerSupport(file, network);
  if (!settable.has('loraplusLrRatio')) return { ...recipe, loraplusLrRatio: null, lrB: null };
  const { optimizer } = recipe;
  return loraplus?.dropsDecay && optimizer.weightDecay
    ? { ...recipe, optimizer: { ...optimizer, weightDecay: 0 } }
    : recipe;
}

/** Caveats about values that the trainer ignores, so that plans leave them. */
export function ignoredByTrainer(said: ReadRecipe, trained: ReadRecipe): Caveat[] {
  const ratio = said.loraplusLrRatio;
  const decay = said.optimizer.weightDecay;
  return [
    ...(ratio !== null && trained.loraplusLrRatio === null
      ? [
          {
            code: 'loraplus-ignored',
            message: l10n.t`The LoRA+ ratio of ${ratio} stays unchanged and has no part in the plan: this trainer does not combine it with other settings of this file.`,
          },
        ]
      : []),
    ...(decay && trained.optimizer.weightDecay === 0
      ? [
          {
            code: 'decay-ignored',
            message: l10n.t`With a LoRA+ ratio this trainer does not pass on weight decay. The weight decay of ${decay} is off before and after the change, and stays in the file.`,
          },
        ]
      : []),
  ];
}
