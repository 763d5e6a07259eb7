import { describe, expect, it } from 'vitest';
import { sameRunReason } from '../../../src/scan/recipe-labels';
import { summaryOf } from '../../../src/scan/summary';
import type { Recipe } from '../../../src/recipe/recipe';

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
