import * as l10n from '@vscode/l10n';
import { interpretationOf } from '../config/read';
import { rowFor } from '../recipe/optimizers/optimizers';
import { conversionFile, type Conversion } from './conversion';
import type { Exported } from './export-check';
import { refusalOf } from './refusal';
import type { ExportRequest } from './request';

/** One Python file that converts a checkpoint of this run to a plan, or one sentence why there is none. */
export function exportConversion(request: ExportRequest): Exported {
  const { text, reading, index, recipe, plans, plan, name } = request;
  const located = interpretationOf(text, reading, index);
  const row = rowFor(recipe.optimizer);
  if (located && !located.file.layout.peft) {
    return {
      refused: l10n.t`Only checkpoints with an adapter of PEFT can be converted; the format of ${located.file.trainer.name} is another or unknown.`,
    };
  }
  const refused = refusalOf(request, located);
  if (refused !== null || !located || !row) return { refused: refused ?? '' };
  if (plan.id === 'lr-only') {
    return { refused: l10n.t('This plan changes the learning rate alone, and is another run: choose another plan.') };
  }
  const { target } = plans;
  // That the run goes on from a checkpoint is what the file is for.
  const limit = plan.caveats.find(({ limits, code }) => limits !== undefined && code !== 'run-resumes');
  const numbers = plan.rows.flatMap(({ key, from, to, of, place }) =>
    to === null || of || to === from || place === 'code' ? [] : [`${key} ${to}`],
  );
  const conversion: Conversion = {
    ...{ name, trainer: located.file.trainer.name, rank: recipe.rank, gauge: plan.gauge, row },
    from: { alpha: recipe.alpha, useRslora: recipe.scalingRule === 'rslora' },
    to: { alpha: target.alpha, useRslora: target.scalingRule === 'rslora' },
    notes: [
      ...(numbers.length > 0 ? [`Set in the config: ${numbers.join(', ')}.`] : []),
      ...(limit ? [`The plan is ${plan.exactness}: ${limit.message}`] : []),
    ],
  };
  return conversionFile(conversion);
}
