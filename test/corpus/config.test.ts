import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../src/config/edits';
import { planConfig } from '../../src/config/planned';
import { readConfig } from '../../src/config/read';
import type { ReadField, ReadRecipe, TextEdit } from '../../src/config/reading';
import { rewriteConfig } from '../../src/config/rewrite';
import { corpusFiles, corpusFilesBut, hasCorpus, textOf, type CorpusFile } from './corpus';

const OURS = { axolotl: 'axolotl', llamafactory: 'llamafactory', torchtune: 'torchtune', 'peft-adapter': 'peft' };
const ours = corpusFiles(...Object.keys(OURS));

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
  if (!recipe || recipes.length > 1) throw new Error(`${recipes.length} recipes: ${JSON.stringify(findings)}`);
  return recipe;
}

describe.skipIf(!hasCorpus)('real configs', () => {
  it('are there', () => {
    expect(ours.length).toBeGreaterThanOrEqual(18);
  });

  it.each(ours.map((file) => [file.file, file] as const))('%s says what a person finds in it', (_, file) => {
    const reading = readConfig(textOf(file), file.file);
    expect(reading.trainer).toBe(OURS[file.format as keyof typeof OURS]);
    expect(reading.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const recipe = recipeOf(file);
    for (const [name, [field, valueOf]] of Object.entries(FIELDS)) {
      const wanted = file.expect[name];
      if (wanted === null) expect(recipe.stated[field], `${name} is not stated`).toBeUndefined();
      else expect([name, valueOf(recipe)]).toEqual([name, wanted]);
      if (wanted !== null) expect(recipe.stated[field], `${name} is stated`).toBeDefined();
    }
    if (file.expect.scaling !== null) expect(recipe.scaling).toBe(file.expect.scaling);
    const init = String(file.expect.init);
    if (/pissa|loftq|mica/.test(init)) expect(init.startsWith(recipe.init ?? '?')).toBe(true);
  });

  it.each(ours.filter(({ resolved }) => resolved?.alpha).map((file) => [file.file, file] as const))(
    '%s gets its defaults from the trainer',
    (_, file) => {
      const recipe = recipeOf(file);
      const { alpha, scaling, maxGradNorm, weightDecay, eps, betas } = file.resolved ?? {};
      expect(recipe).toMatchObject({
        alpha,
        scaling,
        maxGradNorm,
        optimizer: { weightDecay, eps, betas, row: 'adamw' },
      });
      expect(Object.keys(recipe.assumed)).toEqual(expect.arrayContaining(['alpha', 'maxGradNorm', 'eps']));
    },
  );

  it.each(corpusFilesBut(...Object.keys(OURS)).map((file) => [file.file, file] as const))(
    '%s is not one of ours',
    (_, file) => {
      expect(readConfig(textOf(file), file.file)).toMatchObject({ isLora: false, recipes: [] });
    },
  );
});

/** The file rewritten to four times its alpha, and the edits. */
function quadrupled(file: CorpusFile): { text: string; after: string; edits: TextEdit[]; alpha: number } {
  const text = textOf(file);
  const alpha = recipeOf(file).alpha * 4;
  const reading = readConfig(text, file.file);
  // MiCA freezes B, so its one exact plan is another.
  const { plans } = planConfig(text, reading, 0, alpha);
  const planId = plans.some(({ id }) => id === 'symmetric') ? 'symmetric' : (plans[0]?.id ?? 'lr-only');
  const result = rewriteConfig(text, reading, 0, alpha, planId, {});
  if ('refusal' in result) throw new Error(result.refusal.message);
  return { text, after: applyEdits(text, result.edits), edits: result.edits, alpha };
}

const LOADERS: readonly [name: string, module: string, load: string][] = [
  ['PyYAML', 'yaml', 'yaml.safe_load(text)'],
  ['OmegaConf', 'omegaconf', 'omegaconf.OmegaConf.to_container(omegaconf.OmegaConf.create(text), resolve=True)'],
  ['json', 'json', 'json.loads(text)'],
];
const python = process.env.LORA_ALPHA_PYTHON ?? 'python3';
const canImport = (module: string): boolean => spawnSync(python, ['-c', `import ${module}`]).status === 0;

/** What a Python reader makes of `text`. */
function inPython(module: string, load: string, text: string): Record<string, unknown> {
  const code = `import sys, json, ${module}\ntext = sys.stdin.buffer.read().decode()\nprint(json.dumps(${load}))`;
  const { stdout, stderr, status } = spawnSync(python, ['-c', code], { input: text, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe.skipIf(!hasCorpus)('rewriting real configs', () => {
  it.each(ours.map((file) => [file.file, file] as const))('%s keeps every other byte', (_, file) => {
    const { text, after, edits, alpha } = quadrupled(file);
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
    for (const { range } of edits) expect(text.slice(range.start, range.end)).toMatch(/^[\d.e+-]*$/);
    expect(readConfig(after, file.file).recipes[0]).toMatchObject({ alpha });
  });

  for (const [name, module, load] of LOADERS) {
    const isJson = module === 'json';
    const files = ours.filter(({ file }) => file.endsWith('.json') === isJson);
    const isMissing = hasCorpus && !canImport(module);
    if (isMissing) console.warn(`reading back with ${name} is skipped: ${python} has no module ${module}`);
    it.skipIf(isMissing)(`gives ${name} numbers, and the same file otherwise`, { timeout: 60_000 }, () => {
      for (const file of files) {
        const { text, after } = quadrupled(file);
        const [was, is] = [inPython(module, load, text), inPython(module, load, after)];
        const moved = differences(was, is);
        expect(moved.length).toBeGreaterThan(0);
        for (const { path, value } of moved) expect([path, typeof value]).toEqual([path, 'number']);
        const recipe = readConfig(after, file.file).recipes[0];
        expect(moved.map(({ value }) => value)).toContain(recipe?.alpha);
        if (recipe?.learningRate) expect(moved.map(({ value }) => value)).toContain(recipe.learningRate);
      }
    });
  }
});

/** Every leaf of `is` that `was` does not have. */
function differences(was: unknown, is: unknown, path = ''): { path: string; value: unknown }[] {
  if (typeof is !== 'object' || is === null) return Object.is(was, is) ? [] : [{ path, value: is }];
  const before = (was ?? {}) as Record<string, unknown>;
  return Object.entries(is).flatMap(([key, value]) => differences(before[key], value, `${path}.${key}`));
}
