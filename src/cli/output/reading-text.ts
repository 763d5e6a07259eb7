import { whereWords } from '../../config/documents/document';
import type { Finding, ReadField, Reading, ReadRecipe } from '../../config/reading';
import { sourceLabel } from '../../config/trainers/trainer';
import { isMissing, notUnderstoodWords } from '../../config/understand/not-understood';
import { fieldLabel } from '../../recipe/field-names';
import { numberLabel, scalingEquation } from '../../recipe/notation';
import { oneLine } from '../../recipe/visible';
import { paint, table, wrap } from './text';

/** What `read` says of one file, for people. Errors are left to stderr. */
export function readingText(file: string, reading: Reading): string {
  const { trainer, trainerName, syntax, isLora, recipes, findings, source, notUnderstood } = reading;
  const what = isLora ? `${trainerName ?? trainer ?? 'LoRA'} (${syntax ?? 'text'})` : 'no LoRA config';
  const hasDefaults = recipes.some(({ assumed }) => Object.keys(assumed).length > 0);
  const lead = paint('yellow', 'not understood');
  const parts = [
    `${paint('bold', oneLine(file))}  ${paint('dim', what)}`,
    ...recipes.map((recipe) => recipeText(recipe, recipes.length > 1)),
    ...(hasDefaults && source ? [paint('dim', `  Defaults as of ${sourceLabel(source)}.`)] : []),
    ...remarkTexts(findings),
    ...notUnderstood.map((one) => {
      const words = isMissing(one) ? '' : `${notUnderstoodWords(one)}. `;
      return wrap(`${lead}: ${words}${one.why}`, 78, '  ');
    }),
  ];
  return `${parts.join('\n')}\n`;
}

/** The findings that are no errors, one after the other. */
export function remarkTexts(findings: readonly Finding[]): string[] {
  // What was not understood is listed by itself, and limits every plan.
  const remarks = findings.filter(({ severity, code }) => severity !== 'error' && code !== 'not-understood');
  return remarks.map(({ severity, message, line, inCell }) => {
    const where = line === null ? '' : `${whereWords({ line, ...(inCell && { inCell }) })}: `;
    return wrap(`${paint(severity === 'warning' ? 'yellow' : 'dim', severity)}: ${where}${message}`, 78, '  ');
  });
}

function recipeText(recipe: ReadRecipe, isNamed: boolean): string {
  const fields = valuesOf(recipe).flatMap(([field, value]) => {
    if (value === null || value === undefined) return [];
    return [{ field, label: fieldLabel(field), value: typeof value === 'number' ? numberLabel(value, 6) : `${value}` }];
  });
  const rows = fields.map(({ label, value, field }) => [`  ${label}`, value, paint('dim', originOf(recipe, field))]);
  const defaults = fields.flatMap(({ label, field }) => {
    const why = recipe.assumed[field];
    return why === undefined ? [] : [paint('dim', wrap(`default ${label}: ${why}`, 78, '  '))];
  });
  return [...(isNamed ? [`  ${paint('bold', oneLine(recipe.name))}`] : []), table(rows), ...defaults].join('\n');
}

/** Each field with its value, as far as there is one. */
function valuesOf(recipe: ReadRecipe): [ReadField, string | number | null | undefined][] {
  const { optimizer } = recipe;
  const own = <Key extends ReadField & keyof ReadRecipe>(...keys: Key[]): [Key, ReadRecipe[Key]][] =>
    keys.map((key) => [key, recipe[key]]);
  return [
    ...own('rank', 'alpha'),
    ['scaling', scalingEquation(recipe)],
    ['learningRate', recipe.learningRate ?? recipe.unresolved?.learningRate],
    ...own('lrA', 'lrB', 'loraplusLrRatio'),
    ['optimizer', optimizer.name],
    ['betas', optimizer.betas?.join(', ')],
    ['eps', optimizer.eps],
    ['momentum', optimizer.momentum],
    ...(Object.entries(optimizer.constants) as [ReadField, number][]),
    ['weightDecay', optimizer.weightDecay],
    ...own('maxGradNorm', 'maxGradValue', 'scheduler', 'warmup', 'dropout'),
    ['useDora', recipe.useDora ? 'yes' : null],
    ...own('init'),
  ];
}

/** `lora_alpha, line 12`, or `default`. */
function originOf(recipe: ReadRecipe, field: ReadField): string {
  const stated = recipe.stated[field];
  if (stated) return `${stated.path}, ${whereWords(stated)}`;
  if (recipe.unresolved?.[field] !== undefined) return 'not in this file';
  return recipe.assumed[field] === undefined ? '' : 'default';
}
