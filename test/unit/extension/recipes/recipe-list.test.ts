import { describe, expect, it } from 'vitest';
import { inShownOrder, letterOf, nodesOf, recipeList, rowsOf } from '../../../../src/extension/recipes/recipe-list';
import type { Listed, Node, RecipeOrder, ScannedFile } from '../../../../src/extension/recipes/recipe-list';
import type { RecipeRow } from '../../../../src/messages/recipes';
import { createGrouper } from '../../../../src/scan/same-run-groups';
import { summaryOf } from '../../../../src/scan/summary';

function listOf(files: Readonly<Record<string, string>>, filter = ''): Listed[] {
  const scanned = Object.entries(files).map(([path, text]): ScannedFile => {
    const summary = summaryOf(text, path);
    if (!summary) throw new Error(`${path} is no config`);
    return { uri: { path, toString: () => `file:///${path}` } as ScannedFile['uri'], summary };
  });
  return recipeList(scanned, createGrouper(), filter);
}

const tableOf = (files: Readonly<Record<string, string>>): RecipeRow[] => rowsOf(listOf(files), ({ path }) => path);

const config = (alpha: number, rate: string): string =>
  `adapter: lora\nlora_r: 16\nlora_alpha: ${alpha}\noptimizer: adamw_torch\nlearning_rate: ${rate}\n`;

const FILES = {
  'a/large.yml': config(64, '2e-4'),
  'b/one.yml': config(16, '4e-4'),
  'b/two.yml': config(16, '4e-4'),
  'broken.yml': config(16, '1e-4').replace('16', 'abc'),
  'silent.yml': config(8, '1').replace(/learning.*/, ''),
};

function listed(order: RecipeOrder, filter = ''): string[] {
  const text = (node: Node): string => (node.kind === 'group' ? node.recipes.map(text).join('+') : node.name);
  return nodesOf(listOf(FILES, filter), order).map(text);
}

describe('the list of recipes', () => {
  it('has groups first, then the others by their paths, then what has an error', () => {
    expect(listed('file')).toEqual(['one.yml+two.yml', 'large.yml', 'silent.yml', 'broken.yml']);
  });

  it('calls no two runs by one name, and both as the table does', () => {
    const files = { ...FILES, 'c/large.yml': config(64, '2e-4') };
    const letters = nodesOf(listOf(files)).flatMap((node) => (node.kind === 'group' ? node.letter : []));
    expect(letters).toEqual(['A', 'B']);
    expect(tableOf(files).map(({ name, run }) => `${name} ${run?.letter ?? '–'}`)).toEqual([
      ...['large.yml A', 'one.yml B', 'two.yml B', 'broken.yml –', 'silent.yml –', 'large.yml A'],
    ]);
  });

  it('is sorted by a number, groups among the others, and what is not stated comes last', () => {
    expect(listed('scaling')).toEqual(['silent.yml', 'one.yml+two.yml', 'large.yml', 'broken.yml']);
    expect(listed('rate')).toEqual(['large.yml', 'one.yml+two.yml', 'silent.yml', 'broken.yml']);
  });

  it.each([
    ['b/', ['one.yml+two.yml']],
    ['two', ['two.yml']],
    ['axolotl lr 2E-4', ['large.yml']],
    ['broken', ['broken.yml']],
    ['kohya', []],
  ])('shows what a filter asks for: %s', (filter, nodes) => expect(listed('file', filter)).toEqual(nodes));
});

const AXOLOTL = config(32, '2e-4');
const OWN = 'python mine.py --lora_r 8 --lora_alpha 16 --lr 1e-4\n';
const TWO = 'python train_network.py --network_module networks.lora --network_dim 8 --network_alpha 4\n';

describe('the rows of the table', () => {
  it('say where a recipe is, and its numbers', () => {
    const numbers = { rank: 16, alpha: 32, scaling: 2, rule: 'α/r', rate: 2e-4, rateB: 2e-4 };
    const at = {
      id: 'file:///a/b/train.yml#0',
      name: 'train.yml',
      folder: 'a/b',
      recipe: '',
      trainer: 'Axolotl',
      method: 'AdamW',
    };
    expect(tableOf({ 'a/b/train.yml': AXOLOTL })).toEqual([{ ...at, numbers, run: null, note: '' }]);
  });

  it('give each run of several recipes a letter, and say why it is one', () => {
    const other = AXOLOTL.replace('32', '64');
    const runs = tableOf({ 'a.yml': AXOLOTL, 'b.yml': other, 'c.yml': other, 'd.yml': AXOLOTL, 'e.yml': OWN_RANK });
    expect(runs.map(({ run }) => run?.letter ?? '')).toEqual(['A', 'B', 'B', 'A', '']);
    expect(runs[0]?.run).toEqual({ letter: 'A', why: 'lr, s and rank equal', isOpen: false });
  });
  const OWN_RANK = AXOLOTL.replace('lora_r: 16', 'lora_r: 8');

  it('claim no run of files that were not wholly understood', () => {
    const rows = tableOf({ 'a.sh': OWN, 'b.sh': OWN });
    expect(rows.map(({ run }) => run?.isOpen)).toEqual([true, true]);
    expect(rows[0]?.note).not.toBe('');
  });

  it('name the recipe where a file has several', () => {
    const rows = tableOf({ 'train.sh': TWO + TWO.replace('alpha 4', 'alpha 8') });
    expect(rows.map(({ id }) => id)).toEqual(['file:///train.sh#0', 'file:///train.sh#1']);
    expect(rows.every(({ recipe }) => recipe !== '')).toBe(true);
  });

  it('keep a file with an error, with what is wrong', () => {
    const [row] = tableOf({ 'train.yml': AXOLOTL.replace('32', 'abc') });
    expect(row).toMatchObject({ id: 'file:///train.yml', numbers: null, run: null });
    expect(row?.note).toContain('lora_alpha');
  });

  it('count on in letters', () => {
    expect([0, 25, 26, 27, 51, 52, 701, 702].map(letterOf)).toEqual(['A', 'Z', 'AA', 'AB', 'AZ', 'BA', 'ZZ', 'AAA']);
  });
});

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
