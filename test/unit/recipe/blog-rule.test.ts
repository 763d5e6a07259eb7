import { expect, it } from 'vitest';
import { blogRuleWords } from '../../../src/recipe/blog-rule';
import { optimizerRow } from '../../../src/recipe/optimizers/optimizers';
import { recipeWith } from '../../support/recipe';

function words(id: string, recipe = recipeWith()): string {
  const row = optimizerRow(id);
  if (!row) throw new Error(`no row ${id}`);
  return blogRuleWords(row, recipe);
}

it('calls the popular rule right under SGD, and names what must move besides', () => {
  const bare = recipeWith({ maxGradNorm: null, optimizer: { ...recipeWith().optimizer, weightDecay: 0 } });
  expect(words('sgd', bare)).toMatch(/is right here: .* grows with the scaling\.$/);
  expect(words('sgd')).toContain('But weight decay and max grad norm must change too');
  expect(words('sgd', { ...bare, maxGradValue: 1 })).toContain('But max grad value must change too');
  expect(words('sgd', { ...bare, maxGradNorm: 1, maxGradValue: 1 })).toContain('max grad norm and max grad value must');
});

it('calls it wrong elsewhere, and says what is right', () => {
  expect(words('adamw')).toContain('here the right learning rate is lr ÷ √k');
  expect(words('adafactor-hf-scale')).toContain('here the learning rate stays as it is');
  expect(words('adafactor-hf-relative')).toContain('sets its own learning rate');
});
