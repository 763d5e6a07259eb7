import type { RecipeRow } from '../../../../src/messages/recipes';

type Numbers = NonNullable<RecipeRow['numbers']>;

/** A row of the table for tests; `null` numbers are those of a file with an error. */
export function rowOf(name: string, numbers: Partial<Numbers> | null = {}, more: Partial<RecipeRow> = {}): RecipeRow {
  const common = { rank: 16, alpha: 16, scaling: 1, rule: 'α/r', rate: 2e-4 };
  return {
    id: name,
    name,
    folder: '',
    recipe: '',
    trainer: 'Axolotl',
    numbers: numbers && { ...common, rateB: numbers.rate === undefined ? common.rate : numbers.rate, ...numbers },
    run: null,
    note: '',
    ...more,
  };
}
