import { describe, expect, it } from 'vitest';
import { compare } from '../../../src/recipe/compare/compare-recipes';
import { createGrouper, groupsBySameRun } from '../../../src/scan/same-run-groups';
import { summaryOf } from '../../../src/scan/summary';
import type { Recipe } from '../../../src/recipe/recipe';

function axolotl(alpha: number, rate = '2e-4', more = ''): Recipe {
  const text = `base_model: m\nadapter: lora\nlora_r: 16\nlora_alpha: ${alpha}\noptimizer: adamw_torch\nweight_decay: 0\nadam_epsilon: 0\nmax_grad_norm: 0\nlearning_rate: ${rate}\n${more}`;
  const recipe = summaryOf(text, 'x.yml')?.recipes[0]?.recipe;
  if (!recipe) throw new Error('no recipe');
  return recipe;
}

describe('groupsBySameRun', () => {
  it('puts equal recipes together, and others apart', () => {
    const all = [axolotl(16), axolotl(32), axolotl(16), axolotl(16, '1e-4'), axolotl(32)];
    const groups = groupsBySameRun([0, 1, 2, 3, 4], (i) => all[i] as Recipe);
    expect(groups).toEqual([[0, 2], [1, 4], [3]]);
  });

  it('sees through another alpha that other numbers make up for', () => {
    const plus = axolotl(16, '2e-4', 'loraplus_lr_ratio: 4\n');
    expect(groupsBySameRun([plus, axolotl(64)], (recipe) => recipe)).toHaveLength(1);
  });

  it.each([
    ['load_in_4bit: true\n', 'load_in_8bit: true\n', 2],
    ['load_in_4bit: true\n', '', 2],
    ['load_in_4bit: false\n', '# load_in_4bit: true\n', 1],
    ['load_in_8bit: true\nload_in_4bit: false\n', 'load_in_8bit: true\n', 1],
  ])('holds weights in 4 bits and in 8 bits apart: %j and %j', (one, other, runs) => {
    const all = [axolotl(16, '2e-4', one), axolotl(16, '2e-4', other)];
    expect(groupsBySameRun(all, (recipe) => recipe)).toHaveLength(runs);
  });

  it('leaves a recipe that nobody could train with alone', () => {
    const odd = { ...axolotl(16), scaling: NaN };
    expect(groupsBySameRun([odd, odd, axolotl(16)], (recipe) => recipe).map((group) => group.length)).toEqual([2, 1]);
    expect(groupsBySameRun([odd, { ...odd }], (recipe) => recipe)).toHaveLength(2);
  });

  it('agrees with a comparison of each pair', () => {
    const recipes = [8, 16, 32].flatMap((alpha) =>
      ['1e-4', '2e-4', '4e-4'].flatMap((rate) =>
        ['', 'loraplus_lr_ratio: 2\n'].map((more) => axolotl(alpha, rate, more)),
      ),
    );
    const grouper = createGrouper();
    for (const a of recipes) {
      for (const b of recipes) expect(grouper(a) === grouper(b)).toBe(compare(a, b).same === true);
    }
  });
});
