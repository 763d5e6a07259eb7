import { describe, expect, it } from 'vitest';
import type { ReadRecipe } from '../../../../src/config/reading';
import { readConfig } from '../../../../src/config/read';
import { pythonOptimizer } from '../../../../src/export/run/optimizer';
import { rowFor } from '../../../../src/recipe/optimizers/optimizers';
import { axolotl } from '../export-of';

const recipeOf = (name: string): ReadRecipe => {
  const [recipe] = readConfig(axolotl(`optimizer: ${name}`), 'a.yml').recipes;
  if (!recipe) throw new Error(name);
  return recipe;
};
const built = (name: string): ReturnType<typeof pythonOptimizer> => {
  const recipe = recipeOf(name);
  const row = rowFor(recipe.optimizer);
  if (!row) throw new Error(`${name} has no row`);
  return pythonOptimizer(recipe, row, null);
};

describe('the optimizer of an exported file', () => {
  const betas = { tuple: [0.9, 0.999] };
  it.each([
    ['adamw_torch', 'torch.optim.AdamW', { betas }, null],
    ['adamw_torch_fused', 'torch.optim.AdamW', { betas, fused: true }, null],
    ['adamw_bnb_8bit', 'torch.optim.AdamW', { betas }, /same rule; its state has 32 bits/],
    ['sgd', 'torch.optim.SGD', { momentum: 0 }, null],
    ['rmsprop\noptim_args: momentum=0.9', 'torch.optim.RMSprop', { momentum: 0.9 }, null],
    ['adafactor', 'transformers.Adafactor', { scale_parameter: false, relative_step: false }, null],
    ['lion_32bit', 'lambda groups, **own: Lion(groups, own)', { betas }, /built as Lion/],
    ['adagrad', 'torch.optim.Adagrad', {}, null],
  ])('%s is %s', (name, path, constants, note) => {
    const made = built(name);
    expect(made).toMatchObject({ path, constants });
    if (note === null) expect(made).toMatchObject({ note: null });
    else expect('note' in made ? made.note : '').toMatch(note);
  });

  it.each(['came_pytorch', 'ao_adamw_fp8', 'ademamix', 'schedule_free_adamw', 'galore_adamw'])(
    '%s is refused, or known',
    (name) => {
      const recipe = recipeOf(name);
      const row = rowFor(recipe.optimizer);
      if (row && row.id !== 'adamw') expect(pythonOptimizer(recipe, row, null)).toHaveProperty('refused');
    },
  );
});
