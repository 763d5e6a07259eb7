import { describe, expect, it } from 'vitest';
import { inShownOrder } from '../../../../src/extension/recipes/shown-order';

const recipe = (label: string): { label: string; choice: object } => ({ label, choice: {} });
const other = { label: 'Another file…', choice: 'browse' };

describe('the order of a list that is open', () => {
  const labels = (shown: string[], found: string[]): string[] =>
    inShownOrder(shown.map(recipe), found.map(recipe)).map(({ label }) => label);

  it.each([
    ['what is shown stays where it is', ['c.yml'], ['a.yml', 'b.yml', 'c.yml'], ['c.yml', 'a.yml', 'b.yml']],
    ['the first recipes keep the order they are found in', [], ['a.yml', 'b.yml'], ['a.yml', 'b.yml']],
    ['what is gone keeps its place', ['b.yml', 'a.yml'], ['a.yml', 'c.yml'], ['b.yml', 'a.yml', 'c.yml']],
  ])('%s', (_, shown, found, expected) => {
    expect(labels(shown, found)).toEqual(expected);
  });

  it('a recipe that comes late stands below the other ways to a config', () => {
    const [a, b] = [recipe('a.yml'), recipe('b.yml')];
    expect(inShownOrder([a, other], [a, b, other])).toEqual([a, other, b]);
  });

  it('shows what is new of a recipe that stands there', () => {
    const [was, is] = [1, 2].map((rank) => ({ ...recipe('a.yml'), choice: { rank } }));
    if (was && is) expect(inShownOrder([was], [is])[0]).toBe(is);
  });

  it('tells files of one name apart by their folder', () => {
    const [x, y] = ['x', 'y'].map((folder) => ({ ...recipe('a.yml'), detail: `${folder}/a.yml` }));
    if (x && y) expect(inShownOrder([y], [x, y])).toEqual([y, x]);
  });
});
