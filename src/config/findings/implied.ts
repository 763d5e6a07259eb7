import { scalingEquation } from '../../recipe/notation';
import { impliedEdits } from '../implied-edits';
import type { Interpretation } from '../interpretation';
import type { Fix } from '../reading';
import { writeKey } from '../trainers/shared/fields';
import { statedAt } from '../values';

import type { Findings } from './findings';

/** Scalings that recipes are written for: alpha from half to twice the rank. */
const USUAL = { from: 0.5, to: 2 };

/** Says where an alpha that nobody wrote makes a scaling that few would choose; the fix writes it down. */
export function findImplied(file: Interpretation, findings: Findings): void {
  for (const [index, { recipe, fields }] of file.networks.entries()) {
    const why = recipe.assumed.alpha;
    const isUsual = recipe.scaling >= USUAL.from && recipe.scaling <= USUAL.to;
    const key = fields.alpha && writeKey(fields.alpha);
    if (why === undefined || isUsual || !key) continue;
    const message = `${key.label} is not in this file. ${why} That makes s = ${scalingEquation(recipe)}; write ${key.label} down, so that the file says what is trained.`;
    const edits = impliedEdits(file, index, 'alpha');
    const fixes: Fix[] = Array.isArray(edits)
      ? [{ title: `Write ${key.label} = ${recipe.alpha} down`, edits, preferred: true }]
      : [];
    const near = fields.rank && statedAt(file.context, fields.rank);
    findings.add('warning', 'alpha-implied', message, near?.node.inner ?? null, fixes);
  }
}
