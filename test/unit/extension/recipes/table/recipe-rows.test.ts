import { describe, expect, it } from 'vitest';
import { letterOf, recipeRows, rowId } from '../../../../../src/extension/recipes/table/recipe-rows';
import { createGrouper } from '../../../../../src/scan/same-run-groups';
import { summaryOf } from '../../../../../src/scan/summary';
import type { RecipeRow } from '../../../../../src/messages/recipes';

const AXOLOTL = 'adapter: lora\nlora_r: 16\nlora_alpha: 32\noptimizer: adamw_torch\nlearning_rate: 2e-4\n';
const OWN = 'python mine.py --lora_r 8 --lora_alpha 16 --lr 1e-4\n';
const TWO = 'python train_network.py --network_module networks.lora --network_dim 8 --network_alpha 4\n';

function rowsOf(files: Readonly<Record<string, string>>): RecipeRow[] {
  const listed = Object.entries(files).map(([path, text]) => {
    const summary = summaryOf(text, path);
    if (!summary) throw new Error(`${path} is no config`);
    return { id: `file:///${path}`, path, summary };
  });
  return recipeRows(listed, createGrouper());
}

describe('the rows of the table', () => {
  it('say where a recipe is, and its numbers', () => {
    expect(rowsOf({ 'a/b/train.yml': AXOLOTL })).toEqual([
      {
        id: 'file:///a/b/train.yml#0',
        name: 'train.yml',
        folder: 'a/b',
        recipe: '',
        trainer: 'Axolotl',
        numbers: { rank: 16, alpha: 32, scaling: 2, rule: 'α/r', rate: 2e-4, rateB: 2e-4 },
        run: null,
        note: '',
      },
    ]);
  });

  it('give each run of several recipes a letter, and say why it is one', () => {
    const other = AXOLOTL.replace('32', '64');
    const runs = rowsOf({ 'a.yml': AXOLOTL, 'b.yml': other, 'c.yml': other, 'd.yml': AXOLOTL, 'e.yml': OWN_RANK });
    expect(runs.map(({ run }) => run?.letter ?? '')).toEqual(['A', 'B', 'B', 'A', '']);
    expect(runs[0]?.run).toEqual({ letter: 'A', why: 'lr, s and rank equal', isOpen: false });
  });
  const OWN_RANK = AXOLOTL.replace('lora_r: 16', 'lora_r: 8');

  it('claim no run of files that were not wholly understood', () => {
    const rows = rowsOf({ 'a.sh': OWN, 'b.sh': OWN });
    expect(rows.map(({ run }) => run?.isOpen)).toEqual([true, true]);
    expect(rows[0]?.note).not.toBe('');
  });

  it('name the recipe where a file has several', () => {
    const rows = rowsOf({ 'train.sh': TWO + TWO.replace('alpha 4', 'alpha 8') });
    expect(rows.map(({ id }) => id)).toEqual([rowId('file:///train.sh', 0), rowId('file:///train.sh', 1)]);
    expect(rows.every(({ recipe }) => recipe !== '')).toBe(true);
  });

  it('keep a file with an error, with what is wrong', () => {
    const [row] = rowsOf({ 'train.yml': AXOLOTL.replace('32', 'abc') });
    expect(row).toMatchObject({ id: 'file:///train.yml', numbers: null, run: null });
    expect(row?.note).toContain('lora_alpha');
  });

  it('count on in letters', () => {
    expect([0, 25, 26, 27, 51, 52, 701, 702].map(letterOf)).toEqual(['A', 'Z', 'AA', 'AB', 'AZ', 'BA', 'ZZ', 'AAA']);
  });
});
