import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecipeRow } from '../../../src/messages/recipes';
import { choiceOf, ranged, toggled, toggledAll } from '../../../src/webview/recipes/choice';
import { type ColumnId, rowsAsCsv, rowsAsMarkdown, shownRows, stateFrom } from '../../../src/webview/recipes/rows';
import { stepFrom } from '../../../src/webview/recipes/table';
import { anyCharacter } from '../../support/any-character';

type Numbers = NonNullable<RecipeRow['numbers']>;

/** A row of the table for tests; `null` numbers are those of a file with an error. */
function rowOf(name: string, numbers: Partial<Numbers> | null = {}, more: Partial<RecipeRow> = {}): RecipeRow {
  const common = { rank: 16, alpha: 16, scaling: 1, rule: 'α/r', rate: 2e-4 };
  return {
    id: name,
    name,
    folder: '',
    recipe: '',
    trainer: 'Axolotl',
    method: 'AdamW',
    numbers: numbers && { ...common, rateB: numbers.rate === undefined ? common.rate : numbers.rate, ...numbers },
    run: null,
    note: '',
    ...more,
  };
}

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
      const sort = { column: 'file', isDescending: false };
      expect(stateFrom(kept)).toEqual({ sort, filter: '', chosen: [], active: null });
    },
  );
});

const SHOWN = ['a', 'b', 'c', 'd', 'e'];

describe('choosing rows', () => {
  it('keeps the order they were chosen in', () => {
    const choice = toggled(toggled(toggled(choiceOf([]), 'c'), 'a'), 'd');
    expect(choice.ids).toEqual(['c', 'a', 'd']);
    expect(toggled(choice, 'a').ids).toEqual(['c', 'd']);
  });

  it('chooses a range in either direction, and lets go what it shrinks by', () => {
    const begun = toggled(choiceOf(['e']), 'b');
    const long = ranged(begun, 'd', SHOWN);
    expect(long.ids).toEqual(['e', 'b', 'c', 'd']);
    expect(ranged(long, 'c', SHOWN).ids).toEqual(['e', 'b', 'c']);
    expect(ranged(long, 'a', SHOWN).ids).toEqual(['e', 'b', 'a']);
  });

  it('begins a range where it is told, if nothing was chosen before or that row is hidden', () => {
    expect(ranged(choiceOf([]), 'c', SHOWN, 'b').ids).toEqual(['b', 'c']);
    expect(ranged(toggled(choiceOf([]), 'x'), 'c', SHOWN).ids).toEqual(['x', 'c']);
  });

  it('chooses all that are shown, then none of them; what is hidden stays as it is', () => {
    const all = toggledAll(choiceOf(['x', 'b']), SHOWN);
    expect(all.ids).toEqual(['x', 'b', 'a', 'c', 'd', 'e']);
    expect(toggledAll(all, SHOWN).ids).toEqual(['x']);
  });
});

const EXPORTED = [
  rowOf(
    'a.yml',
    { rate: 1 / 3, rateB: 0.5 },
    { folder: 'x', recipe: 'unet', run: { letter: 'A', why: '', isOpen: true } },
  ),
  rowOf('b,"c".yml', null, { method: '', note: 'lora_alpha is abc' }),
];

describe('recipes as CSV', () => {
  it('are whole, with numbers in full', () => {
    expect(rowsAsCsv(EXPORTED)).toBe(
      [
        'file,recipe,trainer,optimizer,rank,alpha,scaling,scaling_rule,learning_rate,learning_rate_b,run,note',
        'x/a.yml,unet,Axolotl,AdamW,16,16,1,α/r,0.3333333333333333,0.5,A?,',
        '"b,""c"".yml",,Axolotl,,,,,,,,,lora_alpha is abc',
        '',
      ].join('\r\n'),
    );
  });

  it.each(['=cmd|calc', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('are no formula of a spreadsheet: %j', (name) => {
    const [, line = ''] = rowsAsCsv([rowOf(name)]).split('\r\n');
    expect(line.replace(/^"/, '')[0]).toBe("'");
  });

  it('keep their columns whatever a file is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (name) => {
        const csv = rowsAsCsv([rowOf(name)]);
        const quoted = csv.replace(/"(?:[^"]|"")*"/g, 'q');
        expect(quoted.split('\r\n').map((line) => line.split(',').length)).toEqual([12, 12, 1]);
      }),
    );
  });
});

describe('recipes as Markdown', () => {
  it('are the table as it is shown', () => {
    expect(rowsAsMarkdown(EXPORTED)).toBe(
      [
        '| File | Trainer | Optimizer | Rank | Alpha | Scaling | Learning rate | Run |',
        '| - | - | - | -: | -: | -: | -: | - |',
        '| x/a.yml · unet | Axolotl | AdamW | 16 | 16 | 1 | 0.3333 (B 0.5) | A? |',
        '| b,"c".yml | Axolotl |  | – | – | – | – |  |',
        '',
      ].join('\n'),
    );
  });

  it('hold no markup of a file', () => {
    expect(rowsAsMarkdown([rowOf('a|b_<img>\n*c*')])).toContain('| a\\|b\\_\\<img\\> \\*c\\* |');
  });
});

it.each([
  ['ArrowDown', 0, 1],
  ['ArrowDown', 29, 29],
  ['ArrowUp', 0, 0],
  ['ArrowUp', 5, 4],
  ['PageDown', 5, 15],
  ['PageDown', 25, 29],
  ['PageUp', 5, 0],
  ['Home', 5, 0],
  ['End', 5, 29],
  ['ArrowRight', 5, -1],
  ['x', 5, -1],
])('%s leads from row %i of 30 to %i', (key, at, to) => expect(stepFrom(key, at, 30)).toBe(to));
