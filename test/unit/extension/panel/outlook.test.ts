import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import { firstTarget } from '../../../../src/extension/best-plan';
import { outlookOf, type PanelChoice } from '../../../../src/extension/panel/outlook';
import type { ReadText } from '../../../../src/extension/questions/read-text';
import { claimed, runVerdict } from '../../../../src/experiment/verdict/verdict';
import { RecipeError } from '../../../../src/recipe/recipe';
import { run } from '../../experiment/support/lab';

const TEXT = `base_model: some/model
adapter: lora
lora_r: 8
lora_alpha: 16
optimizer: adamw_torch
learning_rate: 3e-4
weight_decay: 0.01
`;
const source: ReadText = { text: TEXT, reading: readConfig(TEXT, 'train.yml') };
const choice: PanelChoice = { network: 0, target: { alpha: 64 }, plan: 'symmetric', task: 'linear' };

describe('outlookOf', () => {
  it('offers plans, and an experiment that checks the chosen one', () => {
    const outlook = outlookOf(source, choice, { backend: 'wasm' });
    expect(outlook).toMatchObject({ target: { alpha: 64, scaling: 8, k: 4 }, refusal: null });
    expect(outlook?.plan?.id).toBe('symmetric');
    expect(outlook?.experiment).toMatchObject({ plan: 'symmetric', spec: { backend: 'wasm' } });
  });

  it('gives the same key for the same experiment, and another for another', () => {
    const key = (change: Partial<PanelChoice>): string | undefined =>
      outlookOf(source, { ...choice, ...change }, { backend: 'wasm' })?.experiment?.key;
    expect(key({})).toBe(key({}));
    expect(key({ target: { alpha: 32 } })).not.toBe(key({}));
    expect(key({ plan: 'lr-only' })).not.toBe(key({}));
  });

  it('falls back to the first network when the chosen one is gone from the file', () => {
    expect(outlookOf(source, { ...choice, network: 5 }, { backend: 'cpu' })?.recipe.rank).toBe(8);
  });

  it('has no experiment where nothing changes', () => {
    const outlook = outlookOf(source, { ...choice, target: { alpha: 16 } }, { backend: 'cpu' });
    expect(outlook?.experiment).toBeNull();
    expect(outlook?.target.k).toBe(1);
  });

  it('has nothing to say of a text without a recipe', () => {
    const text = 'name: none\n';
    expect(outlookOf({ text, reading: readConfig(text, 'x.yml') }, choice, { backend: 'cpu' })).toBeNull();
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses alpha %d', (alpha) => {
    expect(() => outlookOf(source, { ...choice, target: { alpha } }, { backend: 'cpu' })).toThrow(RecipeError);
  });
});

const examples = readdirSync('examples', { recursive: true, encoding: 'utf8' }).filter((file) =>
  /\.\w+(?<!\.md)$/.test(file),
);

describe('the first experiment of a panel', () => {
  it.each(examples)('proves the plan of examples/%s', async (file) => {
    const text = readFileSync(`examples/${file}`, 'utf8');
    const reading = readConfig(text, file);
    const [recipe] = reading.recipes;
    if (!recipe) throw new Error('it holds no recipe');
    const first = { network: 0, target: firstTarget(recipe), plan: 'symmetric', task: 'auto' } as const;
    const outlook = outlookOf({ text, reading }, first, { backend: 'wasm' });
    if (!outlook?.experiment) throw new Error(outlook?.refusal ?? 'it cannot be trained');
    const { spec, claim } = outlook.experiment;
    const { kind } = claimed(runVerdict(spec, await run(spec)), claim);
    // An adapter's config names no optimizer.
    expect(kind).toMatch(file.endsWith('adapter_config.json') ? /^undecided$/ : /^(identical|equivalent)$/);
  });
});

it('is a step of a power of four at first, and never out of range', () => {
  const recipe = source.reading.recipes[0];
  if (!recipe) throw new Error('the fixture holds a recipe');
  expect(firstTarget(recipe)).toEqual({ alpha: 64 });
  expect(firstTarget({ ...recipe, alpha: 1e6 })).toEqual({ alpha: 250_000 });
});
