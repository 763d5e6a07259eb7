import { describe, expect, it } from 'vitest';
import { decidingLabel, numbersLabel, shortNames, sameRunReason } from '../../../src/scan/recipe-labels';
import { summaryOf } from '../../../src/scan/summary';
import type { Recipe } from '../../../src/recipe/recipe';

describe('shortNames', () => {
  it('are file names where those tell the files apart, and as much more as it takes where not', () => {
    expect(shortNames(['/w/a/train.yml', '/w/b/train.yml', '/w/b/other.yml'])).toEqual([
      'a/train.yml',
      'b/train.yml',
      'other.yml',
    ]);
    expect(shortNames(['/one/x/a.yml', '/two/x/a.yml'])).toEqual(['one/x/a.yml', 'two/x/a.yml']);
  });

  it('of the same file are the same, and of one file within another’s folder are found', () => {
    expect(shortNames(['/a.yml', '/a.yml', '/b/a.yml'])).toEqual(['a.yml', 'a.yml', 'b/a.yml']);
  });
});

describe('summaryOf', () => {
  const text = 'base_model: m\nadapter: lora\nlora_r: 16\nlora_alpha: 32\nlearning_rate: 2e-4\n';

  it('says of each run whether it is a guess', () => {
    const known = 'python train_network.py --network_module networks.lora --network_dim 8 --network_alpha 4';
    const own = 'python mine.py --lora_r 8 --lora_alpha 16 --lr 1e-4';
    const summary = summaryOf(`${known}\n${own}\n`, 'two.sh');
    expect(summary?.recipes.map(({ isGuess }) => isGuess)).toEqual([false, true]);
    expect(summary?.recipes.some(({ recipe }) => 'guess' in recipe)).toBe(false);
  });

  it('says what a list needs', () => {
    const summary = summaryOf(text, 'x.yml');
    expect(summary).toMatchObject({ trainer: 'Axolotl', error: null, recipes: [{ isGuess: false }] });
    const [recipe] = summary?.recipes ?? [];
    expect(recipe).toMatchObject({ index: 0, place: { line: 4 } });
    expect(recipe && numbersLabel(recipe.recipe)).toBe('lr 2e-4 · s 2 · r 16 · α 32');
    expect(recipe && decidingLabel(recipe.recipe)).toBe('lr 2e-4 · s 2');
    expect(recipe?.recipe).not.toHaveProperty('stated');
  });

  it('says the learning rate of B where it is another', () => {
    const label = (more: string): string | undefined => {
      const recipe = summaryOf(`${text}${more}`, 'x.yml')?.recipes[0]?.recipe;
      return recipe && decidingLabel(recipe);
    };
    expect(label('loraplus_lr_ratio: 16\n')).toBe('lr 2e-4 (B 0.0032) · s 2');
    expect(label('loraplus_lr_ratio: 1\n')).toBe('lr 2e-4 · s 2');
    expect(
      summaryOf(text.replace(/learning.*/, ''), 'x.yml')?.recipes.map((each) => decidingLabel(each.recipe)),
    ).toEqual(['s 2']);
  });

  it('can be copied to another thread', () => {
    const summary = summaryOf(text, 'x.yml');
    expect(structuredClone(summary)).toEqual(summary);
  });

  it('keeps a config with an error, and says where', () => {
    const summary = summaryOf(text.replace('32', 'abc'), 'x.yml');
    expect(summary?.recipes).toEqual([]);
    expect(summary?.error).toMatchObject({ place: { line: 4 } });
  });

  it('is nothing for what is no LoRA config', () => {
    expect(summaryOf('services: {}\n', 'compose.yml')).toBeNull();
    expect(summaryOf(text, 'x.txt')).toBeNull();
  });
});

function axolotl(numbers: string): Recipe {
  const recipe = summaryOf(`adapter: lora\nlora_r: 16\n${numbers}`, 'x.yml')?.recipes[0]?.recipe;
  if (!recipe) throw new Error('no recipe');
  return recipe;
}

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
