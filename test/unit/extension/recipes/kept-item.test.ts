import { describe, expect, it } from 'vitest';
import { keptItem } from '../../../../src/extension/recipes/kept-item';

const recipe = (label: string): { label: string; choice: object } => ({ label, choice: {} });
const other = { label: 'Another file…', choice: 'browse' };

describe('the active item of a list that grows', () => {
  it('is the recipe that was active', () => {
    const [b] = [recipe('b.yml')];
    expect(keptItem([b, other], b, [recipe('a.yml'), recipe('b.yml'), other])?.label).toBe('b.yml');
  });

  it('is no other way to a config that was first only while no recipe had come', () => {
    expect(keptItem([other], other, [recipe('a.yml'), other])).toBeUndefined();
  });

  it('is another way to a config that the user went to', () => {
    const a = recipe('a.yml');
    expect(keptItem([a, other], other, [a, recipe('b.yml'), other])).toBe(other);
  });
});
