import { describe, expect, it } from 'vitest';
import { cycleMeans, cyclePeaks } from '../../../src/plot/chart';

describe('cycles of mini-batches', () => {
  it('level a saw', () => {
    const saw = [1.5, 0.5, 1.5, 0.5, 1.5];
    expect(cycleMeans(saw, 2)).toEqual([NaN, 1, 1, 1, 1]);
  });

  it('keep the largest difference of a cycle', () => {
    expect(cyclePeaks([0, 3, 0, 0, 0, 1], 3)).toEqual([NaN, NaN, 3, 3, 0, 1]);
  });

  it('are steps where there is one mini-batch', () => {
    expect(cycleMeans([1, 2], 1)).toEqual([1, 2]);
    expect(cyclePeaks([1, 2], 1)).toEqual([1, 2]);
  });

  it('keep what is not a number', () => {
    expect(cycleMeans([1, NaN, 1, 1, 1], 2)).toEqual([NaN, NaN, NaN, 1, 1]);
    expect(cyclePeaks([0, Infinity, 0, 0], 2)).toEqual([NaN, Infinity, Infinity, 0]);
  });
});
