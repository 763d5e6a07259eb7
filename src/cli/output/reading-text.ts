import { whereWords } from '../../config/documents/document';
import type { Finding, ReadField, Reading, ReadRecipe } from '../../config/reading';
import { sourceLabel } from '../../config/trainers/trainer';
import { notUnderstoodWords } from '../../config/understand/not-understood';
import { fieldLabel } from '../../recipe/field-names';
import { numberLabel, scalingEquation } from '../../recipe/notation';
import { type Paint, table, wrap } from './text';

/** What `read` says of one file, for people. Errors are left to stderr. */
export function readingText(file: string, reading: Reading, paint: Paint): string {
  const { trainer, trainerName, syntax, isLora, recipes, findings, source, notUnderstood } = reading;
  const what = isLora ? `${trainerName ?? trainer ?? 'LoRA'} (${syntax ?? 'text'})` : 'no LoRA config';
  const isDefault = recipes.some(({ assumed }) => Object.keys(assumed).length > 0);
  const parts = [
    `${paint('bold', file)}  ${paint('dim', what)}`,
    ...recipes.map((recipe) => recipeText(recipe, recipes.length > 1, paint)),
    ...(isDefault && source ? [paint('dim', `  Defaults as of ${sourceLabel(source)}.`)] : []),
    ...remarkTexts(findings, paint),
    ...notUnderstood.map((one) =>
      wrap(`${paint('yellow', 'not understood')}: ${notUnderstoodWords(one)}. ${one.why}`, 78, '  '),
    ),
  ];
  return `${parts.join('\n')}\n`;
}

/** The findings that are no errors, one after the other. */
export function remarkTexts(findings: readonly Finding[], paint: Paint): string[] {
  // What was not understood is listed by itself, and limits every plan.
  const remarks = findings.filter(({ severity, code }) => severity !== 'error' && code !== 'not-understood');
  return remarks.map(({ severity, message, line, inCell }) => {
    const style = severity === 'warning' ? 'yellow' : 'dim';
    const where = line === null ? '' : `${whereWords({ line, ...(inCell && { inCell }) })}: `;
    return wrap(`${paint(style, severity)}: ${where}${message}`, 78, '  ');
  });
}

function recipeText(recipe: ReadRecipe, isNamed: boolean, paint: Paint): string {
  const fields = fieldsOf(recipe);
  const rows = fields.map(([label, value, field]) => [`  ${label}`, value, paint('dim', originOf(recipe, field))]);
  const defaults = fields.flatMap(([label, , field]) => {
    const why = recipe.assumed[field];
    return why === undefined ? [] : [paint('dim', wrap(`default ${label}: ${why}`, 78, '  '))];
  });
  return [...(isNamed ? [`  ${paint('bold', recipe.name)}`] : []), table(rows), ...defaults].join('\n');
}

/** Label, value and the field it was read from; values nobody knows are left out. */
function fieldsOf(recipe: ReadRecipe): [string, string, ReadField][] {
  const { optimizer } = recipe;
  const all: [ReadField, unknown][] = [
    ['rank', recipe.rank],
    ['alpha', recipe.alpha],
    ['scaling', scalingEquation(recipe)],
    ['learningRate', recipe.learningRate ?? recipe.unresolved?.learningRate ?? null],
    ['lrA', recipe.lrA],
    ['lrB', recipe.lrB],
    ['loraplusLrRatio', recipe.loraplusLrRatio],
    ['optimizer', optimizer.name],
    ['betas', optimizer.betas?.join(', ')],
    ['eps', optimizer.eps],
    ['momentum', optimizer.momentum],
    ...(Object.entries(optimizer.constants) as [ReadField, number][]),
    ['weightDecay', optimizer.weightDecay],
    ['maxGradNorm', recipe.maxGradNorm],
    ['maxGradValue', recipe.maxGradValue ?? null],
    ['scheduler', recipe.scheduler],
    ['warmup', recipe.warmup],
    ['dropout', recipe.dropout],
    ['useDora', recipe.useDora ? 'yes' : null],
    ['init', recipe.init],
  ];
  return all
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([field, value]) => [
      fieldLabel(field),
      typeof value === 'number' ? numberLabel(value, 6) : String(value),
      field,
    ]);
}

/** `lora_alpha, line 12`, or `default`. */
function originOf(recipe: ReadRecipe, field: ReadField): string {
  const stated = recipe.stated[field];
  if (stated) return `${stated.path}, ${whereWords(stated)}`;
  if (recipe.unresolved?.[field] !== undefined) return 'not in this file';
  return recipe.assumed[field] === undefined ? '' : 'default';
}
