import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alphaOfField, choiceOf, fieldValue, modeOf, modesOf } from '../../../../src/webview/panel/live-view';
import { stateOf } from '../../../webview-preview/states';

const { recipe } = stateOf('equivalent').view;
if (!recipe) throw new Error('the state has a recipe');

describe('what a target is asked in', () => {
  it.each([
    ['a plain recipe', {}, ['alpha', 'scaling', 'rsLoRA on']],
    ['an rsLoRA recipe', { scalingRule: 'rslora' }, ['alpha', 'scaling', 'rsLoRA off']],
    ['a trainer without rsLoRA', { canSwitchRslora: false }, ['alpha', 'scaling']],
    ['a direct scaling', { scalingRule: 'direct' }, ['scaling']],
  ] as const)('%s', (_, change, labels) =>
    expect(modesOf({ ...recipe, ...change }).map(({ label }) => label)).toEqual(labels),
  );

  it('of another rule is rsLoRA, and stays the unit otherwise', () => {
    expect(modeOf(recipe, 'rslora', 'alpha')).toBe('rslora');
    expect(modeOf(recipe, 'standard', 'rslora')).toBe('alpha');
    expect(modeOf(recipe, 'standard', 'scaling')).toBe('scaling');
  });

  it('is a switch of the rule in the mode rsLoRA only', () => {
    expect(choiceOf(recipe, 'rslora', 16)).toEqual({ alpha: 16, rslora: true });
    expect(choiceOf({ ...recipe, scalingRule: 'rslora' }, 'rslora', 16)).toEqual({ alpha: 16, rslora: false });
    expect(choiceOf(recipe, 'scaling', 48)).toEqual({ alpha: 48 });
  });
});

describe('the number in the field', () => {
  it('is alpha over rank as a scaling', () => {
    expect(fieldValue({ ...recipe, rank: 8 }, 'scaling', 12)).toBe(1.5);
    expect(alphaOfField({ ...recipe, rank: 8 }, 'scaling', 1.5)).toBe(12);
  });

  it('leads back to its alpha, to six digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4096 }), fc.integer({ min: 1, max: 512 }), (alpha, rank) => {
        const own = { ...recipe, rank };
        expect(alphaOfField(own, 'scaling', fieldValue(own, 'scaling', alpha))).toBeCloseTo(alpha, 1);
        expect(alphaOfField(own, 'alpha', fieldValue(own, 'alpha', alpha))).toBe(alpha);
      }),
    );
  });
});
