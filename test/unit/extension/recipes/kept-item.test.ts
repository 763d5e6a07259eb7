import { describe, expect, it } from 'vitest';
import { inShownOrder, keptItem } from '../../../../src/extension/recipes/kept-item';

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

describe('the order of a list that grows', () => {
  const labels = (shown: string[], found: string[]): string[] =>
    inShownOrder([...shown.map(recipe), other], [...found.map(recipe), other]).map(({ label }) => label);

  it.each([
    ['what is shown stays where it is', ['c.yml'], ['a.yml', 'b.yml', 'c.yml'], ['c.yml', 'a.yml', 'b.yml']],
    ['the first recipes keep the order they are found in', [], ['a.yml', 'b.yml'], ['a.yml', 'b.yml']],
    ['what is gone leaves its place', ['b.yml', 'a.yml'], ['a.yml', 'c.yml'], ['a.yml', 'c.yml']],
  ])('%s', (_, shown, found, expected) => {
    expect(labels(shown, found)).toEqual([...expected, 'Another file…']);
  });

  it('tells files of one name apart by their folder', () => {
    const [x, y] = ['x', 'y'].map((folder) => ({ ...recipe('a.yml'), detail: `${folder}/a.yml` }));
    if (x && y) expect(inShownOrder([y], [x, y])).toEqual([y, x]);
  });
});
