import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../src/config/write/edits';
import { planConfig } from '../../src/config/planned';
import { readConfig } from '../../src/config/read';
import type { ReadField, ReadRecipe, TextEdit } from '../../src/config/reading';
import { rewriteConfig } from '../../src/config/rewrite';
import { FIELDS } from '../judges/compare';
import { corpusFiles, textOf, type CorpusFile } from './corpus';
import { OTHERWISE, PROMISED, REFUSED, TRAINER_OF, WITHOUT_NUMBERS } from './formats';

const listed = (files: readonly CorpusFile[]): [string, CorpusFile][] => files.map((file) => [file.file, file]);
const reads = corpusFiles(...Object.keys(TRAINER_OF));
const ours = reads.filter(({ file }) => !WITHOUT_NUMBERS.test(file));
const negative = corpusFiles('negative');

/** The corpus' names of fields. */
const NAMES = [
  ...['rank', 'alpha', 'useRslora', 'useDora', 'dropout', 'learningRate', 'optimizer', 'weightDecay', 'maxGradNorm'],
  ...['eps', 'betas', 'loraplusLrRatio'],
] as ReadField[];
const valueOf = (recipe: ReadRecipe, name: ReadField): unknown => FIELDS[name]?.(recipe);

function recipeOf(file: CorpusFile): ReadRecipe {
  const { recipes, findings } = readConfig(textOf(file), file.file);
  const [recipe] = recipes;
  if (!recipe) throw new Error(`no recipe: ${JSON.stringify(findings)}`);
  return recipe;
}

describe('real configs', () => {
  it('are there, of every format', () => {
    const formats = [...Object.keys(TRAINER_OF), 'negative'];
    expect(corpusFiles(...formats)).toHaveLength(51);
  });

  it.each(listed(ours))('%s says what a person finds in it', (_, file) => {
    const reading = readConfig(textOf(file), file.file);
    expect(reading.trainer).toBe(TRAINER_OF[file.format]);
    expect(reading.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const recipe = recipeOf(file);
    for (const name of NAMES) {
      if (OTHERWISE.some(([pattern, other]) => other === name && pattern.test(file.file))) continue;
      const wanted = file.expect[name];
      if (wanted === null) expect(recipe.stated[name], `${name} is not stated`).toBeUndefined();
      else expect([name, valueOf(recipe, name)]).toEqual([name, wanted]);
      if (wanted !== null) expect(recipe.stated[name], `${name} is stated`).toBeDefined();
    }
    if (file.expect.scaling !== null) expect(recipe.scaling).toBe(file.expect.scaling);
    const init = String(file.expect.init);
    if (/pissa|loftq|mica/.test(init)) expect(init.startsWith(recipe.init ?? '?')).toBe(true);
  });

  it.each(listed(ours.filter(({ resolved }) => typeof resolved === 'object')))(
    '%s gets its defaults from the trainer',
    (_, file) => {
      const recipe = recipeOf(file);
      for (const name of NAMES) {
        const said = file.resolved?.[name];
        if (said === undefined) continue;
        // `adamw_torch(_fused)`: depending on the version.
        const wanted = typeof said === 'string' ? said.replace(/\(.*\)$/, '') : said;
        expect([name, valueOf(recipe, name)]).toEqual([name, wanted]);
        const isSaid = recipe.stated[name] !== undefined || recipe.assumed[name] !== undefined;
        expect(isSaid || wanted === null, `${name} is stated, or assumed with a reason`).toBe(true);
      }
      const scaling = file.resolved?.scaling;
      if (typeof scaling === 'number') expect(recipe.scaling).toBe(scaling);
    },
  );

  it.each(listed(reads.filter(({ file }) => PROMISED.some(([pattern]) => pattern.test(file)))))(
    '%s has a finding for its trap',
    (_, file) => {
      const codes = readConfig(textOf(file), file.file).findings.map(({ code }) => code);
      const promised = PROMISED.filter(([pattern]) => pattern.test(file.file)).map(([, code]) => code);
      expect(codes).toEqual(expect.arrayContaining(promised));
    },
  );

  it.each(listed(negative))('%s is left alone', (_, file) => {
    const reading = readConfig(textOf(file), file.file);
    expect(reading).toMatchObject({ isLora: false, trainer: null, recipes: [] });
    expect(reading.findings.filter(({ code }) => code !== 'other-adapter')).toEqual([]);
  });
});

interface Rewritten {
  text: string;
  after: string;
  edits: TextEdit[];
  alpha: number;
}

/** The file rewritten to four times its alpha, and the edits; or the code of the refusal. */
function quadrupled(file: CorpusFile): Rewritten | string {
  const text = textOf(file);
  const alpha = recipeOf(file).alpha * 4;
  const reading = readConfig(text, file.file);
  // MiCA freezes B, so its one exact plan is another.
  const { plans, refusal } = planConfig(text, reading, 0, alpha);
  if (refusal) return refusal.code;
  const planId = plans.some(({ id }) => id === 'symmetric') ? 'symmetric' : (plans[0]?.id ?? 'lr-only');
  const result = rewriteConfig(text, reading, 0, alpha, planId);
  if ('refusal' in result) return result.refusal.code;
  return { text, after: applyEdits(text, result.edits), edits: result.edits, alpha };
}

function written(file: CorpusFile): Rewritten {
  const result = quadrupled(file);
  if (typeof result === 'string') throw new Error(result);
  return result;
}

const isRefused = ({ file }: CorpusFile): boolean => REFUSED.some(([pattern]) => pattern.test(file));
const rewrites = ours.filter((file) => !isRefused(file));

describe('rewriting real configs', () => {
  it.each(listed(ours.filter(isRefused)))('%s is refused, with the reason', (_, file) => {
    const code = REFUSED.find(([pattern]) => pattern.test(file.file))?.[1];
    expect(quadrupled(file)).toBe(code);
  });

  it.each(listed(rewrites))('%s keeps every other byte', (_, file) => {
    const { text, after, edits, alpha } = written(file);
    // What is left when the old and the new words are cut out is the same.
    const kept = applyEdits(
      text,
      edits.map(({ range }) => ({ range, text: '' })),
    );
    let shift = 0;
    const cuts = edits
      .toSorted((a, b) => a.range.start - b.range.start)
      .map(({ range, text: words }) => {
        const start = range.start + shift;
        shift += words.length - (range.end - range.start);
        return { range: { start, end: start + words.length }, text: '' };
      });
    expect(applyEdits(after, cuts)).toBe(kept);
    for (const { range } of edits) expect(text.slice(range.start, range.end)).toMatch(/^(?:[\d.e+-]*|"")$/);
    expect(readConfig(after, file.file).recipes[0]).toMatchObject({ alpha });
  });
});
