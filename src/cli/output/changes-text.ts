import { claimWords } from '../../config/plan/claim';
import type { ConfigPlan } from '../../config/planned';
import { oldValueWords, PLACE_WORDS } from '../../config/plan/config-change';
import type { Reading, ReadRecipe } from '../../config/reading';
import { blogRuleWords, RULES_PAGE } from '../../recipe/blog-rule';
import { rowFor } from '../../recipe/optimizers/optimizers';
import type { Destination } from '../../recipe/target';
import type { Paint } from './colour';
import { factorLabel, numberLabel, scalingEquation } from '../../recipe/notation';
import { table, wrap } from './text-table';

/** Two lines: the file, trainer, optimizer and rank; the scaling now and then. */
export function headerText(
  path: string,
  reading: Reading,
  recipe: ReadRecipe,
  target: Destination,
  paint: Paint,
): string {
  const { what, scaling } = headerWords(reading, recipe, target);
  return `${paint('bold', path)}  ${paint('dim', what)}\n${scaling}\n`;
}

/** The same words for the report. */
export function headerWords(
  reading: Reading,
  recipe: ReadRecipe,
  target: Destination,
): { what: string; scaling: string } {
  const what = [
    reading.trainerName ?? reading.trainer,
    recipe.optimizer.name ?? 'optimizer not stated',
    `rank ${recipe.rank}`,
    ...(reading.recipes.length > 1 ? [`adapter ${recipe.name}`] : []),
  ];
  const { k } = target;
  const then = { ...recipe, ...target };
  const scaling = `s = ${scalingEquation(recipe)}  →  ${scalingEquation(then)}   (k = ${numberLabel(k)}, √k = ${numberLabel(Math.sqrt(k))})`;
  return { what: what.join(' · '), scaling };
}

/** What a plan changes, as a table under its title, with its caveats; those that {@link warningsText} has said are left out. */
export function planText(plan: ConfigPlan, at: string, reading: Reading, paint: Paint): string {
  const head = ['hyperparameter', 'now', `at ${at}`, 'factor', ''];
  const rows = changeCells(plan).map(([key, from, to, factor, place]) => [
    key,
    from,
    paint('bold', to),
    factor,
    paint('dim', place),
  ]);
  const badge = plan.exactness === 'exact' ? 'green' : 'yellow';
  return [
    `${paint('bold', plan.title)} (${plan.id}): ${paint(badge, claimWords(plan.claim))}`,
    paint('dim', wrap(plan.summary)),
    '',
    table([head.map((cell) => paint('dim', cell)), ...rows], ['left', 'right', 'right']),
    ...caveatTexts(plan, reading, paint),
    '',
  ].join('\n');
}

/** What limits a plan, and what is worth knowing about it, without what a warning of the file says already. */
export function caveatTexts({ caveats }: ConfigPlan, { findings }: Reading, paint: Paint): string[] {
  const warned = new Set(findings.flatMap(({ severity, message }) => (severity === 'warning' ? message : [])));
  const others = caveats.filter(({ message }) => !warned.has(message));
  return others.map(({ message, limits }) => {
    const mark = limits === undefined ? paint('dim', '·') : paint('yellow', '!');
    return `${mark} ${wrap(message, 78, '  ').trimStart()}`;
  });
}

/** Key, now, then, factor and place of every change, as text. */
function changeCells(plan: ConfigPlan): [key: string, from: string, to: string, factor: string, place: string][] {
  return plan.rows.map(({ key, to, factor, law, place, ...now }) => [
    key,
    oldValueWords(now) ?? 'not stated',
    to ?? factorLabel(factor),
    factor === 1 || to === null ? law : `${factorLabel(factor)} (${law})`,
    PLACE_WORDS[place],
  ]);
}

/** The init snippet a plan needs, set off from the text around it. */
export function codeText(plan: ConfigPlan, paint: Paint): string {
  if (plan.code === null) return '';
  const lead = 'Also needed, because no key of the config does it:';
  return `\n${paint('dim', lead)}\n\n${plan.code.trimEnd().replace(/^(?=.)/gm, '    ')}\n`;
}

/** What the popular rule is worth under this optimizer, and where the reason stands. */
export function blogRuleText(recipe: ReadRecipe, paint: Paint): string {
  const row = rowFor(recipe.optimizer);
  return row
    ? `${paint('dim', wrap(`${blogRuleWords(row, recipe)} Why, for every optimizer: ${RULES_PAGE}`, 78))}\n`
    : '';
}
