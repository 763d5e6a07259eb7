import * as l10n from '@vscode/l10n';
import { interpretationOf } from '../../config/read';
import { outsideWords } from '../../config/planned';
import { rowFor } from '../../recipe/optimizers/optimizers';
import { conversionFile, type Conversion } from './conversion';
import type { Exported } from '../export-check';
import { refusalOf } from '../refusal';
import type { ExportRequest } from '../request';

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
  // The checkpoint is past its init.
  const moves = plan.rows.filter(({ field, from, to }) => field !== 'init' && (to === null || to !== from));
  const numbers = moves.map((row) => (row.to === null ? outsideWords([row]) : `${row.key} ${row.to}`));
  const conversion: Conversion = {
    ...{ name, trainer: located.file.trainer.name, rank: recipe.rank, init: recipe.init, gauge: plan.gauge, row },
    from: { alpha: recipe.alpha, useRslora: recipe.scalingRule === 'rslora' },
    to: { alpha: target.alpha, useRslora: target.scalingRule === 'rslora' },
    notes: [
      `Set ${numbers.join(', ')}, then resume from there.`,
      ...(limit ? [`The plan is ${plan.exactness}: ${limit.message}`] : []),
    ],
  };
  return conversionFile(conversion);
}
