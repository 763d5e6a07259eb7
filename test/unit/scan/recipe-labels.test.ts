import { describe, expect, it } from 'vitest';
import { decidingLabel, numbersLabel, shortNames, sameRunReason } from '../../../src/scan/recipe-labels';
import { summaryOf } from '../../../src/scan/summary';
import type { Recipe } from '../../../src/recipe/recipe';

const TEXT = 'base_model: m\nadapter: lora\nlora_r: 16\nlora_alpha: 32\nlearning_rate: 2e-4\n';

function recipeOf(text: string): Recipe {
  const recipe = summaryOf(text, 'x.yml')?.recipes[0]?.recipe;
  if (!recipe) throw new Error('no recipe');
  return recipe;
}

const axolotl = (numbers: string): Recipe => recipeOf(`adapter: lora\nlora_r: 16\n${numbers}`);

it.each([
  [['/w/a/train.yml', '/w/b/train.yml', '/w/b/other.yml'], 'a/train.yml b/train.yml other.yml'],
  [['/one/x/a.yml', '/two/x/a.yml'], 'one/x/a.yml two/x/a.yml'],
  [['/a.yml', '/a.yml', '/b/a.yml'], 'a.yml a.yml b/a.yml'],
])('names files %j as %s', (paths, names) => expect(shortNames(paths).join(' ')).toBe(names));

describe('summaryOf', () => {
  it('says of each run whether it is a guess', () => {
    const known = 'python train_network.py --network_module networks.lora --network_dim 8 --network_alpha 4';
    const own = 'python mine.py --lora_r 8 --lora_alpha 16 --lr 1e-4';
    const summary = summaryOf(`${known}\n${own}\n`, 'two.sh');
    expect(summary?.recipes.map(({ isGuess }) => isGuess)).toEqual([false, true]);
    expect(summary?.recipes.some(({ recipe }) => 'guess' in recipe)).toBe(false);
  });

  it('says what a list needs', () => {
    const summary = summaryOf(TEXT, 'x.yml');
    const recipes = [{ index: 0, place: { line: 4 }, isGuess: false }];
    expect(summary).toMatchObject({ trainer: 'Axolotl', error: null, recipes });
    expect(numbersLabel(recipeOf(TEXT))).toBe('lr 2e-4 · s 2 · AdamW · r 16 · α 32');
    expect(recipeOf(TEXT)).not.toHaveProperty('stated');
  });

  it.each([
    [TEXT, 'lr 2e-4 · s 2 · AdamW'],
    [`${TEXT}loraplus_lr_ratio: 16\n`, 'lr 2e-4 (B 0.0032) · s 2 · AdamW'],
    [`${TEXT}loraplus_lr_ratio: 1\n`, 'lr 2e-4 · s 2 · AdamW'],
    [`${TEXT}optimizer: muon\npeft_use_dora: true\n`, 'lr 2e-4 · s 2 · Muon · DoRA'],
    [`${TEXT}optimizer: sgd\n`, 'lr 2e-4 · s 2 · SGD'],
    [TEXT.replace(/learning.*/, ''), 's 2 · AdamW'],
  ])('says the learning rate of A, that of B where it is another, the scaling and the optimizer: %j', (text, label) =>
    expect(decidingLabel(recipeOf(text))).toBe(label),
  );

  it('can be copied to another thread', () => {
    const summary = summaryOf(TEXT, 'x.yml');
    expect(structuredClone(summary)).toEqual(summary);
  });

  it('keeps a config with an error, and says where', () => {
    const summary = summaryOf(TEXT.replace('32', 'abc'), 'x.yml');
    expect(summary?.recipes).toEqual([]);
    expect(summary?.error).toMatchObject({ place: { line: 4 } });
  });

  it('is nothing for what is no LoRA config', () => {
    expect(summaryOf('services: {}\n', 'compose.yml')).toBeNull();
    expect(summaryOf(TEXT, 'x.txt')).toBeNull();
  });
});

describe('sameRunReason', () => {
  const plain = axolotl('lora_alpha: 16\nlearning_rate: 2e-4\n');

  it.each([
    ['lr, s and rank equal', [plain, axolotl('lora_alpha: 4\npeft_use_rslora: true\nlearning_rate: 0.0002\n')]],
    ['s and rank equal, lr not stated', [axolotl('lora_alpha: 16\n'), axolotl('lora_alpha: 16\n')]],
    [
      's differs, other numbers make up for it',
      [
        axolotl('lora_alpha: 16\nlearning_rate: 2e-4\nloraplus_lr_ratio: 4\n'),
        axolotl('lora_alpha: 64\nlearning_rate: 2e-4\n'),
      ],
    ],
    ['signatures equal, though lr differs', [plain, { ...plain, lrB: 1 }]],
  ] as const)('%s', (reason, recipes) => {
    expect(sameRunReason(recipes)).toBe(reason);
  });
});
