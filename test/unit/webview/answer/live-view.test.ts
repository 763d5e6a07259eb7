import { describe, expect, it } from 'vitest';
import { liveView } from '../../../../src/webview/panel/live-view';
import { stateOf } from '../../../webview-preview/states';

const { view } = stateOf('equivalent');
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
    const rslora = {
      ...alpha,
      field: 'useRslora',
      key: 'use_rslora',
      from: 'false',
      to: 'true',
      moves: { from: 1, power: 1 },
    };
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

  it('claims nothing: the run is of an earlier target, and nothing can be written', () => {
    expect(liveView(view, { alpha: 64 })).toMatchObject({
      canApply: false,
      run: { stale: true },
      target: { k: 4, scaling: 4 },
    });
  });

  it('switches the scaling rule', () => {
    expect(liveView(view, { alpha: 16, rslora: true }).target).toEqual({
      alpha: 16,
      scalingRule: 'rslora',
      scaling: 4,
      k: 4,
    });
  });
});
