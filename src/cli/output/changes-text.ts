import type { ConfigRecipe } from '../../config/plan/as-trained';
import { claimWords } from '../../config/plan/claim';
import { oldValueWords, WHERE_WORDS } from '../../config/plan/changes';
import type { ConfigPlan } from '../../config/planned';
import type { Reading, ReadRecipe } from '../../config/reading';
import { blogRuleWords, RULES_PAGE } from '../../recipe/blog-rule';
import { factorLabel, numberLabel, scalingEquation } from '../../recipe/notation';
import { rowFor } from '../../recipe/optimizers/optimizers';
import type { Destination } from '../../recipe/target';
import { oneLine } from '../../recipe/visible';
import type { ChosenRecipe } from '../files/config-file';
import { remarkTexts } from './reading-text';
import { headed, item, paint, wrap } from './text';

/** Trainer, optimizer and rank of a recipe; its name if the file has several. */
export function aboutWords({ reading, recipe }: ConfigRecipe): string {
  const words = [
    reading.trainerName ?? reading.trainer ?? 'LoRA',
    recipe.optimizer.name ?? 'optimizer not stated',
    `rank ${recipe.rank}`,
    ...(reading.recipes.length > 1 ? [`adapter ${recipe.name}`] : []),
  ];
  return oneLine(words.join(' · '));
}

/** The scaling now and then. */
export function scalingWords({ recipe }: ConfigRecipe, target: Destination): string {
  const factors = `(k = ${numberLabel(target.k)}, √k = ${numberLabel(Math.sqrt(target.k))})`;
  return `s = ${scalingEquation(recipe)}  →  ${scalingEquation({ ...recipe, ...target })}   ${factors}`;
}

/** The file and what it is, the scaling now and then, and the warnings of the file. */
export function headerText(chosen: ChosenRecipe, target: Destination): string {
  const head = `${paint('bold', oneLine(chosen.file.path))}  ${paint('dim', aboutWords(chosen))}`;
  const warnings = chosen.reading.findings.filter(({ severity }) => severity === 'warning');
  return [head, scalingWords(chosen, target), ...remarkTexts(warnings), ''].join('\n');
}

/** What a plan changes, as a table under its title, with the caveats that {@link headerText} has not said. */
export function planText(plan: ConfigPlan, at: string, reading: Reading): string {
  const rows = plan.configChanges.map(({ key, to, factor, law, where, ...now }) => [
    key,
    oldValueWords(now) ?? 'not stated',
    paint('bold', to ?? factorLabel(factor)),
    factor === 1 || to === null ? law : `${factorLabel(factor)} (${law})`,
    paint('dim', WHERE_WORDS[where]),
  ]);
  const badge = paint(plan.exactness === 'exact' ? 'green' : 'yellow', claimWords(plan.claim));
  return [
    `${paint('bold', plan.title)} (${plan.id}): ${badge}`,
    paint('dim', wrap(plan.summary)),
    '',
    headed(['hyperparameter', 'now', `at ${at}`, 'factor', ''], rows, 'lrr'),
    ...caveatTexts(plan, reading),
    '',
  ].join('\n');
}

/** What limits a plan, and what is worth knowing about it, without what a warning of the file says already. */
export function caveatTexts({ caveats }: ConfigPlan, { findings }: Reading): string[] {
  const warned = new Set(findings.flatMap(({ severity, message }) => (severity === 'warning' ? message : [])));
  return caveats
    .filter(({ message }) => !warned.has(message))
    .map(({ message, limits }) => item(limits === undefined ? paint('dim', '·') : paint('yellow', '!'), message));
}

/** The init snippet a plan needs, set off from the text around it. */
export function codeText(plan: ConfigPlan): string {
  if (plan.code === null) return '';
  const lead = paint('dim', 'Also needed, because no key of the config does it:');
  return `\n${lead}\n\n${plan.code.trimEnd().replace(/^(?=.)/gm, '    ')}\n`;
}

/** What the popular rule is worth under this optimizer, and where the reason stands. */
export function blogRuleText(recipe: ReadRecipe): string {
  const row = rowFor(recipe.optimizer);
  if (!row) return '';
  return `${paint('dim', wrap(`${blogRuleWords(row, recipe)} Why, for every optimizer: ${RULES_PAGE}`))}\n`;
}
