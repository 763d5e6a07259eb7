import { describe, expect, it } from 'vitest';
import { atRank } from '../../../src/export/at-rank';
import { readConfig } from '../../../src/config/read';
import { axolotl, script } from './export-of';

function at(text: string, path: string, rank: number, index = 0): ReturnType<typeof atRank> {
  return atRank(text, readConfig(text, path), index, rank);
}

/** Rank and alpha of every recipe at another rank, or the code of the refusal. */
function recipesAt(text: string, path: string, rank: number, index = 0): unknown {
  const made = at(text, path, rank, index);
  if ('code' in made) return made.code;
  return readConfig(made.text, path).recipes.map((recipe) => [recipe.rank, recipe.alpha]);
}

const LLAMAFACTORY = 'stage: sft\nfinetuning_type: lora\nlora_rank: 8\nlearning_rate: 1.0e-4\n';
const NAMED = script().replace(
  'config = LoraConfig(r=8, lora_alpha=16',
  'RANK = 8\nconfig = LoraConfig(r=RANK, lora_alpha=16',
);

describe('atRank', () => {
  it('replaces the number of the rank, and nothing else', () => {
    const text = axolotl('# a comment', 'weight_decay: 0.1');
    expect(at(text, 'a.yml', 32)).toEqual({ text: text.replace('lora_r: 8', 'lora_r: 32') });
    expect(at(text, 'a.yml', 8)).toEqual({ text });
    expect(at(NAMED, 'train.py', 4)).toEqual({ text: NAMED.replace('RANK = 8', 'RANK = 4') });
  });

  it.each([
    ['an alpha that is written stays', axolotl(), 'a.yml', [[32, 16]]],
    ['a default follows the rank', LLAMAFACTORY, 'a.yml', [[32, 64]]],
    [
      'an alpha with the name of the rank follows',
      NAMED.replace('lora_alpha=16', 'lora_alpha=2 * RANK'),
      'train.py',
      [[32, 64]],
    ],
    [
      'a pattern keeps its own',
      script({ lora: ', rank_pattern={"k_proj": 4}' }),
      'train.py',
      [
        [32, 16],
        [4, 16],
      ],
    ],
  ])('%s', (_, text, path, recipes) => {
    expect(recipesAt(text, path, 32)).toEqual(recipes);
  });

  it('leaves the other runs of a file as they are', () => {
    const run = 'run: {rank: 8, lora_alpha: 16, learning_rate: 1.0e-4, optimizer: sgd}\n';
    const ranks = (index: number): unknown => recipesAt(`${run}---\n${run}`, 'a.yml', 4, index);
    expect(ranks(1)).toEqual([
      [8, 16],
      [4, 16],
    ]);
    expect(ranks(0)).toEqual([
      [4, 16],
      [8, 16],
    ]);
    expect(ranks(2)).toBe('rank-not-written');
  });

  it.each([
    ['no LoRA', 'a: 1\n', 'a.yml', 'rank-not-written'],
    [
      'a name of two adapters',
      NAMED.replace('model = get', 'other = LoraConfig(r=RANK)\nmodel = get'),
      'train.py',
      'rank-not-written',
    ],
  ])('refuses %s', (_, text, path, code) => {
    expect(recipesAt(text, path, 32)).toEqual(code);
  });
});
