import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OCTAVES, alphaAtOctave, alphaOfField, choiceOf, fieldValue } from '../../../src/webview/panel/live-view';
import { liveView, markLabel, modeOf, modesOf, octaveMarks } from '../../../src/webview/panel/live-view';
import { octaveOf, steppedAlpha } from '../../../src/webview/panel/live-view';
import { stateOf } from '../../webview-preview/states';

const { view } = stateOf('equivalent');
const { recipe } = view;
if (!recipe) throw new Error('the state has a recipe');
const at = (alpha: number): Record<string, string> =>
  Object.fromEntries(liveView(view, { alpha }).changes.map(({ key, to }) => [key, to]));

describe('the view at a target the host has not planned', () => {
  it('moves every number by its power of k', () => {
    expect(at(64)).toEqual({
      lora_alpha: '64',
      learning_rate: '1.5e-4',
      weight_decay: '0.02',
      max_grad_norm: '2',
      adam_epsilon: '2e-8',
      'init of A': '0.5',
    });
    expect(at(8)).toMatchObject({ learning_rate: '4.24264e-4', 'init of A': '1.41421' });
  });

  it('says by how much a number moves that is not in the file', () => {
    const [row] = stateOf('networks').view.changes;
    const networks = { ...view, changes: row ? [row] : [] };
    expect(liveView(networks, { alpha: 64 }).changes[0]?.to).toBe('your value ÷ 2');
  });

  it('moves the alphas of other adapters by k, and no switch', () => {
    const [alpha] = view.changes;
    if (!alpha) throw new Error('the state has changes');
    const conv = { ...alpha, key: 'conv_alpha', from: '8', to: '24', moves: { from: 8, power: 1 } };
    const switched = { field: 'useRslora', key: 'use_rslora', from: 'false', to: 'true' };
    const rslora = { ...alpha, ...switched, moves: { from: 1, power: 1 } };
    const { changes } = liveView({ ...view, changes: [rslora, alpha, conv] }, { alpha: 32 });
    expect(changes.map(({ to }) => to)).toEqual(['true', '32', '16']);
  });

  it('takes back what was measured, and what was refused at the alpha of the file', () => {
    const there = stateOf('nothing-to-change').view;
    expect(liveView(there, { alpha: 64 }).refusal).toBeNull();
    expect(liveView(view, { alpha: 64 }).plans.map(({ measured }) => measured)).toEqual([null, null, null, null]);
    const { view: refused } = stateOf('refusal');
    expect(liveView(refused, { alpha: 64 }).refusal).toBe(refused.refusal);
  });

  it('claims nothing: the run is of an earlier target, and Apply plans the new one first', () => {
    const live = liveView(view, { alpha: 64 });
    expect(live).toMatchObject({ canApply: true, run: { stale: true }, target: { k: 4, scaling: 4 } });
  });

  it('switches the scaling rule', () => {
    const { target } = liveView(view, { alpha: 16, rslora: true });
    expect(target).toEqual({ alpha: 16, scalingRule: 'rslora', scaling: 4, k: 4 });
  });
});

const anyAlpha = fc.double({ min: 1e-3, max: 1e5, noNaN: true });

describe('arrow keys', () => {
  it.each([
    [48, 1, 49],
    [48, -1, 47],
    [47.5, 1, 48],
    [47.5, -1, 47],
    [1, -1, 0.5],
    [0.5, 1, 1],
    [0.3, 1, 0.6],
    [0.25, -1, 0.125],
  ] as const)('from %d by %d to %d', (from, by, to) => expect(steppedAlpha(from, by)).toBe(to));

  it('never reach 0 and always move', () => {
    fc.assert(
      fc.property(anyAlpha, (alpha) => {
        expect(steppedAlpha(alpha, 1)).toBeGreaterThan(alpha);
        expect(steppedAlpha(alpha, -1)).toBeLessThan(alpha);
        expect(steppedAlpha(alpha, -1)).toBeGreaterThan(0);
      }),
    );
  });
});

describe('the slider', () => {
  it('marks the file’s alpha in the middle and a doubling at every mark', () => {
    expect(octaveMarks(16).map(({ value }) => value)).toEqual([2, 4, 8, 16, 32, 64, 128]);
  });

  it('writes a whole alpha in full at its mark', () => {
    expect([256, 1024, 2048, 131_072].map(markLabel)).toEqual(['256', '1024', '2048', '131072']);
    expect([4.1625, 33.33, 0.125].map(markLabel)).toEqual(['4.16', '33.3', '0.125']);
  });

  it('every mark gives exactly its alpha', () => {
    fc.assert(
      fc.property(anyAlpha, (base) => {
        for (const { octave, value } of octaveMarks(base)) expect(alphaAtOctave(octave, base)).toBe(value);
      }),
    );
  });

  it('snaps near a mark, rounds between', () => {
    expect(alphaAtOctave(1.03, 16)).toBe(32);
    expect(alphaAtOctave(1.585, 16)).toBe(48);
    expect(alphaAtOctave(-2.5, 16)).toBe(2.8);
  });

  it('is held at its ends', () => {
    expect(octaveOf(1e6, 16)).toBe(OCTAVES);
    expect(octaveOf(1e-6, 16)).toBe(-OCTAVES);
    expect(octaveOf(48, 16)).toBeCloseTo(Math.log2(3));
  });
});

describe('what a target is asked in', () => {
  it.each([
    ['a plain recipe', {}, ['alpha', 'scaling', 'rsLoRA on', 'rank']],
    ['an rsLoRA recipe', { scalingRule: 'rslora' }, ['alpha', 'scaling', 'rsLoRA off', 'rank']],
    ['a trainer without rsLoRA', { canSwitchRslora: false }, ['alpha', 'scaling', 'rank']],
    ['a direct scaling', { scalingRule: 'direct' }, ['scaling', 'rank']],
  ] as const)('%s', (_, change, labels) =>
    expect(modesOf({ ...recipe, ...change }).map(({ label }) => label)).toEqual(labels),
  );

  it('of another rule is rsLoRA, of another rank the rank, and stays the unit otherwise', () => {
    const at = { alpha: 16, scalingRule: 'standard', scaling: 1, k: 1 } as const;
    expect(modeOf(recipe, { ...at, scalingRule: 'rslora' }, 'alpha')).toBe('rslora');
    expect(modeOf(recipe, at, 'rslora')).toBe('alpha');
    expect(modeOf(recipe, at, 'scaling')).toBe('scaling');
    expect(modeOf(recipe, { ...at, rank: 64 }, 'alpha')).toBe('rank');
    expect(modeOf(recipe, at, 'rank')).toBe('alpha');
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
