import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { claimWords } from '../../../src/config/plan/claim';
import { planConfig } from '../../../src/config/planned';
import { unifiedDiff } from '../../../src/cli/output/diff';
import { readConfig } from '../../../src/config/read';
import { rewriteConfig } from '../../../src/config/rewrite';
import { applyEdits } from '../../../src/config/write/edits';
import { notebookFile } from '../../support/notebook';
import { CASES, casesIn, pathOf, sourceOf, TRAIN } from './cases';

function isExact(text: string, file: string): boolean {
  const reading = readConfig(text, file);
  expect([reading.isLora, reading.recipes.length + reading.findings.length > 0]).toEqual([true, true]);
  const claim = reading.recipes.length > 0 ? planConfig(text, reading, 0, 64).plans[0]?.claim : undefined;
  return claim?.asRead === 'exact' && claim.notUnderstood.length === 0;
}

/** The diff of a rewrite, or why nothing is written. */
function writtenTo(text: string, file: string, alpha: number): string {
  const result = rewriteConfig(text, readConfig(text, file), 0, alpha, 'symmetric');
  if ('refusal' in result) return `not written: ${result.refusal.message}`;
  const [, , ...diff] = unifiedDiff(file, text, applyEdits(text, result.edits)).trimEnd().split('\n');
  return diff.join('\n');
}

function toldOf(text: string, file: string): string {
  const reading = readConfig(text, file);
  const [recipe] = reading.recipes;
  const { plans, refusal } = planConfig(text, reading, 0, (recipe?.alpha ?? 16) * 4);
  const [plan] = plans;
  const lines = [
    ...(reading.trainer ? [reading.trainer] : []),
    ...reading.recipes.map(
      ({ name, rank, alpha, scaling }) => `${name}: rank ${rank}, alpha ${alpha}, scaling ${scaling}`,
    ),
    ...(['rank', 'alpha', 'learningRate'] as const).flatMap((field) => recipe?.assumed[field] ?? []),
    ...reading.findings.map(({ severity, code, line, message }) => `${severity} ${code}, line ${line}: ${message}`),
    ...(plan ? [`${claimWords(plan.claim)}; ${plan.caveats.map(({ code }) => code).join(', ')}`] : []),
    ...(refusal && recipe ? [`no plan: ${refusal.message}`] : []),
    ...(plan?.configChanges ?? []).map(
      ({ key, from, to, factor, line, where }) =>
        `${key}: ${from ?? factor} to ${to}, ${where}${line === null ? '' : ` ${line}`}`,
    ),
    ...(plan?.caveats ?? []).flatMap(({ code, message }) => (code === 'value-detached' ? [message] : [])),
    ...(recipe ? [writtenTo(text, file, recipe.alpha * 4)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

describe.each(CASES)('%s', (name) => {
  const cases = casesIn(name);
  if (process.env['UPDATE_CASES']) {
    const anew = cases.map((one) => {
      const told = one.kind === 'told' ? `----\n${toldOf(sourceOf(one), one.file)}` : '';
      return `#### ${one.file} ${one.kind}: ${one.title}\n${one.text}${told}`;
    });
    writeFileSync(pathOf(name), anew.join(''));
  }

  it.each(casesIn(name))('$kind: $title', (one) => {
    const text = sourceOf(one);
    if (one.kind === 'told') expect(toldOf(text, one.file)).toBe(one.told);
    else expect(isExact(text, one.file)).toBe(one.kind === 'exact');
  });
});

it('is not exact where a name is set in a program that is not read', () => {
  const cells = ['A = 4', '* '.repeat(9000), `!A=8; ${TRAIN} --network_alpha=$A`];
  expect(isExact(notebookFile(cells.map((source) => ({ kind: 'code', source }))), 'a.ipynb')).toBe(false);
});
