import * as l10n from '@vscode/l10n';
import type { AdapterNumbers } from '../../config/compare/adapter-fix';
import { interpretationOf } from '../../config/read';
import type { Reading } from '../../config/reading';
import { rowFor } from '../../recipe/optimizers/optimizers';
import { conversionFile } from './conversion';
import type { Exported } from '../export-check';

const NUMBERS =
  'Set learning rate, weight decay, eps and max grad norm as in the plan symmetric from the old alpha to the new one, then resume from the new folder.';

/**
 * One Python file that gives a trained adapter, or a checkpoint with it, the scaling of the file whose run goes on from it.
 * A and B are divided alike. One sentence where there is none.
 * @param text the text `reading` was read from
 * @param name of the config's file
 */
export function adapterConversion(text: string, reading: Reading, adapter: AdapterNumbers, name: string): Exported {
  const [recipe] = reading.recipes;
  const file = interpretationOf(text, reading, 0)?.file;
  const { peft, rank, scaling } = adapter;
  if (!file?.layout.peft || !peft || !recipe || recipe.alphaIsIgnored !== undefined) {
    return { refused: l10n.t('Only an adapter of PEFT can be converted, for a run whose alpha is in the file.') };
  }
  if (rank !== recipe.rank) {
    return { refused: l10n.t`An adapter of rank ${rank} cannot be converted to rank ${recipe.rank}.` };
  }
  const row = rowFor(recipe.optimizer);
  if (!row) return { refused: l10n.t('The optimizer is not in this file.') };
  const p = Math.sqrt(recipe.scaling / scaling);
  return conversionFile({
    ...{ name, trainer: file.trainer.name, rank, init: recipe.init, gauge: { p, q: p }, row, notes: [NUMBERS] },
    ...{ from: peft, to: { alpha: recipe.alpha, useRslora: recipe.scalingRule === 'rslora' } },
  });
}
