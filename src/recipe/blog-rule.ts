import * as l10n from '@vscode/l10n';
import { fieldNoun } from './field-names';
import { lawOf } from './notation';
import { lrPower, type OptimizerRow } from './optimizers/optimizer-row';
import type { Recipe } from './recipe';

/** The page with every optimizer's rule, what it costs to ignore, and why; from the project's folder. */
export const RULES_PAGE = 'docs/optimizers.md';

/**
 * Says what the popular rule lr / k (init / √k) is worth under this optimizer. In the symmetric gauge c = √k, so the
 * right rate changes by k^(lrPower / 2).
 */
export function blogRuleWords(row: OptimizerRow, { optimizer, maxGradNorm, maxGradValue }: Recipe): string {
  const rule = l10n.t('The popular rule "divide the learning rate by k, the init by √k"');
  if (row.noRule) return l10n.t`${rule} is right for SGD. For ${row.title} no rule is known, this one included.`;
  if (row.rate === 'fixed') return l10n.t`${rule} cannot be used here: ${row.title} sets its own learning rate.`;
  const power = lrPower(row) / 2;
  if (power === -1) {
    const others = [
      ...(row.decay !== 'none' && optimizer.weightDecay ? [fieldNoun('weightDecay')] : []),
      ...row.constants.map(({ constant }) => fieldNoun(constant)),
      ...(maxGradNorm ? [fieldNoun('maxGradNorm')] : []),
      ...(maxGradValue ? [fieldNoun('maxGradValue')] : []),
    ];
    const words = others.join(l10n.t(' and '));
    const rest = words === '' ? '' : l10n.t` But ${words} must change too: lr/k alone is another run.`;
    return l10n.t`${rule} is right here: a step of ${row.title} is as large as the gradient, and the gradient grows with the scaling.${rest}`;
  }
  const right =
    power === 0 ? l10n.t('the learning rate stays as it is') : l10n.t`the right learning rate is lr ${lawOf(power)}`;
  return l10n.t`${rule} is right for SGD, whose steps are as large as the gradient. Those of ${row.title} are not: here ${right}, and lr/k would be another run.`;
}
