import { describe, expect, it } from 'vitest';
import { whyDefault } from '../../../../../src/config/understand/fields/default-words';

describe('the sentence about a default', () => {
  it.each([
    ['alpha', { value: 8 }, true, 'Forge defaults alpha to 8, whatever the rank.'],
    ['alpha', { value: 16, inWords: 'the rank, 16' }, true, 'Forge defaults alpha to the rank, 16.'],
    ['eps', { value: 1e-8 }, true, 'Forge defaults eps to 1e-8.'],
    ['eps', { value: 1e-8, who: 'torch' }, true, 'torch defaults eps to 1e-8.'],
    ['eps', { value: 1e-8, who: 'torch' }, false, 'Forge leaves eps to torch, which uses 1e-8.'],
    ['scheduler', { value: 'constant' }, false, 'Forge always sets the schedule to constant.'],
    ['maxGradNorm', { value: 0 }, true, 'Forge does not clip by default.'],
    ['maxGradNorm', { value: 0 }, false, 'Forge never clips the gradient.'],
    ['init', { value: 'kaiming-uniform' }, true, 'Forge defaults the init to kaiming-uniform for A and zero for B.'],
    ['init', { value: 'pissa' }, true, 'Forge defaults the init to pissa.'],
    ['warmup', { value: 0.03 }, true, 'Forge defaults the warm-up to 3 % of the steps.'],
    ['warmup', { value: 100 }, true, 'Forge defaults the warm-up to 100.'],
    ['targetModules', { value: 'all-linear' }, true, 'Forge defaults the target modules to every linear layer.'],
    ['eps', { value: 1, why: 'It rained.' }, false, 'It rained.'],
  ] as const)('of %s: %j', (field, fallback, hasKey, sentence) => {
    expect(whyDefault(field, fallback, 'Forge', hasKey)).toBe(sentence);
  });
});
