import * as l10n from '@vscode/l10n';
import type { Caveat } from '../../recipe/caveats/caveat';
import type { Interpretation, Network } from '../understand/interpretation';
import { knobsOf } from './knobs';
import { interpretationOf } from '../read';
import type { Reading, ReadRecipe } from '../reading';

/**
 * A network's recipe with what its trainer makes of LoRA+: some take no weight decay with a ratio, some optimizers take
 * no ratio. The reading itself keeps what the file says.
 * @param text the text `reading` was read from
 */
export function asTrained(text: string, reading: Reading, recipe: ReadRecipe, index: number): ReadRecipe {
  const located = interpretationOf(text, reading, index);
  const network = located?.file.networks[located.index];
  return located && network ? asTrainedIn(located.file, { ...network, recipe }) : recipe;
}

/** {@link asTrained} of a file that is understood already. */
export function asTrainedIn(file: Interpretation, network: Network): ReadRecipe {
  const { recipe } = network;
  if (recipe.loraplusLrRatio === null) return recipe;
  const { settable, loraplus } = knobsOf(file, network);
  if (!settable.has('loraplusLrRatio')) return { ...recipe, loraplusLrRatio: null, lrB: null };
  const { optimizer } = recipe;
  return loraplus?.dropsDecay && optimizer.weightDecay
    ? { ...recipe, optimizer: { ...optimizer, weightDecay: 0 } }
    : recipe;
}

/** What of the file has no effect, so that no plan moves it. */
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
