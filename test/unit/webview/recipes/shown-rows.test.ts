import { describe, expect, it } from 'vitest';
import { type ColumnId, shownRows } from '../../../../src/webview/recipes/rows';
import { stateFrom } from '../../../../src/webview/recipes/rows';
import { rowOf } from './rows';

const run = (letter: string): { run: { letter: string; why: string; isOpen: boolean } } => ({
  run: { letter, why: '', isOpen: false },
});
const ROWS = [
  rowOf('a', { scaling: 4, rate: 1e-4 }, { trainer: 'PEFT', ...run('AA') }),
  rowOf('b', { scaling: 0.5, rate: null }, run('Z')),
  rowOf('c', null),
  rowOf('d', { scaling: 2, rate: 1e-5, alpha: null }, { folder: 'sdxl', ...run('B') }),
];

function shown(column: ColumnId, isDescending = false, filter = ''): string {
  return shownRows(ROWS, { ...stateFrom(null), sort: { column, isDescending }, filter })
    .map(({ id }) => id)
    .join('');
}

describe('the rows that are shown', () => {
  it.each([
    ['file', 'abcd', 'dcba'],
    ['trainer', 'bcda', 'abcd'],
    ['scaling', 'bdac', 'adbc'],
    ['rate', 'dabc', 'adbc'],
    ['alpha', 'abcd', 'abcd'],
    ['run', 'dbac', 'abdc'],
  ] as const)('are sorted by %s, what has no value last', (column, up, down) => {
    expect([shown(column), shown(column, true)]).toEqual([up, down]);
  });

  it.each([
    ['peft', 'a'],
    ['sdxl/d', 'd'],
    ['s 0.5', 'b'],
    ['axolotl lr 1e-5', 'd'],
    ['run z', 'b'],
    ['nothing', ''],
  ])('are those that a filter asks for: %s', (filter, ids) => expect(shown('file', false, filter)).toBe(ids));

  it('leave the rows they are made of as they were', () => {
    shown('scaling', true);
    expect(ROWS.map(({ id }) => id).join('')).toBe('abcd');
  });
});

describe('what the page kept', () => {
  it('comes back', () => {
    const state = { sort: { column: 'rate', isDescending: true }, filter: 'x', chosen: ['a'], active: 'a' } as const;
    expect(stateFrom(structuredClone(state))).toEqual(state);
  });

  it.each([null, 7, {}, { sort: { column: 'colour', isDescending: 0 } }])(
    'is forgotten where it does not fit: %j',
    (kept) => {
      expect(stateFrom(kept)).toEqual({
        sort: { column: 'file', isDescending: false },
        filter: '',
        chosen: [],
        active: null,
      });
    },
  );
});
