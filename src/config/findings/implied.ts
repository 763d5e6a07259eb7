import * as l10n from '@vscode/l10n';
import { scalingEquation } from '../../recipe/notation';
import type { Interpretation } from '../understand/interpretation';
import { Notes, type Note } from '../understand/notes';
import { writeKey } from '../trainers/shared/fields';
import { statedAt } from '../understand/fields/values';

/** Scalings that recipes are written for: alpha from half to twice the rank. */
const USUAL = { from: 0.5, to: 2 };

/** Notes an unusual scaling from a default alpha; the fix writes alpha down. */
export function findImplied(file: Interpretation): Note[] {
  const notes = new Notes();
  for (const [index, { recipe, fields }] of file.networks.entries()) {
    const why = recipe.assumed.alpha;
    const isUsual = recipe.scaling >= USUAL.from && recipe.scaling <= USUAL.to;
    const key = fields.alpha && writeKey(fields.alpha);
    if (why === undefined || isUsual || !key) continue;
    const message = l10n.t`${key.label} is not set. ${why} The scaling is then s = ${scalingEquation(recipe)}. Set ${key.label}, so that the file says what is trained.`;
    const near = fields.rank && statedAt(file.context, fields.rank);
    notes.add('warning', 'alpha-implied', message, near?.node.inner ?? null, [
      { title: l10n.t`Set ${key.label} = ${recipe.alpha}`, preferred: true, alphaOf: index },
    ]);
  }
  return notes.list;
}
