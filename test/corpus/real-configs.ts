import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../src/config/write/edits';
import { planConfig } from '../../src/config/planned';
import { readConfig } from '../../src/config/read';
import type { ReadField, ReadRecipe, TextEdit } from '../../src/config/reading';
import { rewriteConfig } from '../../src/config/rewrite';
import { corpusFiles, textOf, type CorpusFile } from './corpus';
import { OTHERWISE, PROMISED, REFUSED, TO_COME, TRAINER_OF, WITHOUT_NUMBERS } from './formats';
import { differences, JSON_LOADER, loadAll, missing, OMEGACONF, PYYAML, type Loader } from './loaders';

const listed = (files: readonly CorpusFile[]): [string, CorpusFile][] => files.map((file) => [file.file, file]);
const isOneOf =
  (patterns: readonly RegExp[]) =>
  ({ file }: CorpusFile): boolean =>
    patterns.some((pattern) => pattern.test(file));
const reads = corpusFiles(...Object.keys(TRAINER_OF).filter((format) => !TO_COME.includes(format)));
const ours = reads.filter((file) => !isOneOf(WITHOUT_NUMBERS)(file));
const negative = corpusFiles('negative');

/** The corpus' names of fields, and where they are in a reading. */
const FIELDS: Record<string, [ReadField, (recipe: ReadRecipe) => unknown]> = {
  rank: ['rank', ({ rank }) => rank],
  alpha: ['alpha', ({ alpha }) => alpha],
  useRslora: ['useRslora', ({ scalingRule }) => scalingRule === 'rslora'],
  useDora: ['useDora', ({ useDora }) => useDora],
  dropout: ['dropout', ({ dropout }) => dropout],
  learningRate: ['learningRate', ({ learningRate }) => learningRate],
  optimizer: ['optimizer', ({ optimizer }) => optimizer.name],
  weightDecay: ['weightDecay', ({ optimizer }) => optimizer.weightDecay],
  maxGradNorm: ['maxGradNorm', ({ maxGradNorm }) => maxGradNorm],
  eps: ['eps', ({ optimizer }) => optimizer.eps],
  betas: ['betas', ({ optimizer }) => optimizer.betas],
  loraplusLrRatio: ['loraplusLrRatio', ({ loraplusLrRatio }) => loraplusLrRatio],
};

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
    expect(TO_COME.filter((format) => !(format in TRAINER_OF))).toEqual([]);
  });

  it.each(listed(ours))('%s says what a person finds in it', (_, file) => {
    const reading = readConfig(textOf(file), file.file);
    expect(reading.trainer).toBe(TRAINER_OF[file.format]);
    expect(reading.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const recipe = recipeOf(file);
    for (const [name, [field, valueOf]] of Object.entries(FIELDS)) {
      if (OTHERWISE.some(([pattern, other]) => other === name && pattern.test(file.file))) continue;
      const wanted = file.expect[name];
      if (wanted === null) expect(recipe.stated[field], `${name} is not stated`).toBeUndefined();
      else expect([name, valueOf(recipe)]).toEqual([name, wanted]);
      if (wanted !== null) expect(recipe.stated[field], `${name} is stated`).toBeDefined();
    }
    if (file.expect.scaling !== null) expect(recipe.scaling).toBe(file.expect.scaling);
    const init = String(file.expect.init);
    if (/pissa|loftq|mica/.test(init)) expect(init.startsWith(recipe.init ?? '?')).toBe(true);
  });

  it.each(listed(ours.filter(({ resolved }) => typeof resolved === 'object')))(
    '%s gets its defaults from the trainer',
    (_, file) => {
      const recipe = recipeOf(file);
      for (const [name, [field, valueOf]] of Object.entries(FIELDS)) {
        const said = file.resolved?.[name];
        if (said === undefined) continue;
        // `adamw_torch(_fused)`: depending on the version.
        const wanted = typeof said === 'string' ? said.replace(/\(.*\)$/, '') : said;
        expect([name, valueOf(recipe)]).toEqual([name, wanted]);
        const isSaid = recipe.stated[field] !== undefined || recipe.assumed[field] !== undefined;
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

  const isJson = ({ file }: CorpusFile): boolean => file.endsWith('.json');
  const readers: [Loader, CorpusFile[]][] = [
    [PYYAML, rewrites.filter((file) => !isJson(file))],
    [OMEGACONF, rewrites.filter((file) => ['torchtune', 'llamafactory'].includes(file.format) && !isJson(file))],
    [JSON_LOADER, rewrites.filter(isJson)],
  ];
  for (const [loader, files] of readers) {
    const why = missing(loader);
    if (why) console.warn(why);
    it.skipIf(why !== null)(
      `gives ${loader.name} the new numbers, and the same file otherwise`,
      { timeout: 60_000 },
      () => {
        const all = files.map((file) => ({ file, ...written(file) }));
        const was = loadAll(
          loader,
          all.map(({ text }) => text),
        );
        const is = loadAll(
          loader,
          all.map(({ after }) => after),
        );
        for (const [i, { file, after }] of all.entries()) {
          const moved = differences(was[i], is[i]);
          expect(moved.length).toBeGreaterThan(0);
          const texts = moved.map(({ is: now }) => String(now));
          for (const { path, was: before, is: now } of moved) {
            // A number stays a number, a text a text; what is new is a number, or what a new map starts with.
            if (before === undefined || before === null) continue;
            // PyYAML reads 5e-5 as text and 2.5e-5 as a number; who takes the first takes the second.
            const isFreed = typeof now === 'number' && /^\d+e-\d+$/i.test(String(before));
            if (!isFreed) expect([path, typeof now]).toEqual([path, typeof before]);
            expect(String(now), path).toMatch(/\d/);
          }
          const recipe = readConfig(after, file.file).recipes[0];
          const said = (value: number): boolean => texts.some((text) => Number(text) === value);
          expect(recipe && said(recipe.alpha), `${file.file}: alpha`).toBe(true);
          const rate = recipe?.learningRate ?? null;
          // The rate of Prodigy is a factor, which stays.
          if (rate !== null && rate !== recipeOf(file).learningRate)
            expect(said(rate), `${file.file}: the rate`).toBe(true);
        }
      },
    );
  }
});
