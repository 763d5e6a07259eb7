import * as l10n from '@vscode/l10n';
import type { RecipeRow } from '../../../messages/recipes';
import { numberLabel } from '../../../recipe/notation';

export const COLUMN_IDS = ['file', 'trainer', 'rank', 'alpha', 'scaling', 'rate', 'run'] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

/** A column of the table, on the page and in exports. */
export interface Column {
  id: ColumnId;
  heading: string;
  isNumber: boolean;
  /** What the column is sorted by; null comes last. The rows come in the order of their files. */
  valueOf: (row: RecipeRow) => string | number | null;
}

export const COLUMNS: readonly Column[] = [
  { id: 'file', heading: l10n.t('File'), isNumber: false, valueOf: () => '' },
  { id: 'trainer', heading: l10n.t('Trainer'), isNumber: false, valueOf: ({ trainer }) => trainer },
  { id: 'rank', heading: l10n.t('Rank'), isNumber: true, valueOf: ({ numbers }) => numbers?.rank ?? null },
  { id: 'alpha', heading: l10n.t('Alpha'), isNumber: true, valueOf: ({ numbers }) => numbers?.alpha ?? null },
  { id: 'scaling', heading: l10n.t('Scaling'), isNumber: true, valueOf: ({ numbers }) => numbers?.scaling ?? null },
  { id: 'rate', heading: l10n.t('Learning rate'), isNumber: true, valueOf: ({ numbers }) => numbers?.rate ?? null },
  {
    id: 'run',
    heading: l10n.t({ message: 'Run', comment: ['the noun: a training run'] }),
    isNumber: false,
    valueOf: ({ run }) => (run ? orderOf(run.letter) : null),
  },
];

/** The file and, where it has several recipes, which: `configs/a.toml · unet`. */
export function pathOf(row: RecipeRow): string {
  return row.recipe === '' ? fileOf(row) : `${fileOf(row)} · ${row.recipe}`;
}

export function fileOf({ folder, name }: RecipeRow): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** A number as the table shows it; `–` where there is none. */
export function numberText(value: number | null): string {
  return value === null ? '–' : numberLabel(value);
}

/** B's learning rate, where it is not that of A. */
export function otherRateB({ numbers }: RecipeRow): number | null {
  return numbers && numbers.rateB !== numbers.rate ? numbers.rateB : null;
}

/** `A`, `A?` where not everything was understood; empty where no other recipe is the same run. */
export function runSign({ run }: RecipeRow): string {
  return run ? `${run.letter}${run.isOpen ? '?' : ''}` : '';
}

/** Why other recipes are the same run as this one, in a sentence. */
export function runReason({ run }: RecipeRow): string {
  if (!run) return '';
  return run.isOpen ? l10n.t`Same run for what was read: ${run.why}` : l10n.t`Same run: ${run.why}`;
}

/** `Z` comes before `AA`, as the columns of a spreadsheet do. */
function orderOf(letters: string): number {
  return [...letters].reduce((place, letter) => place * 26 + letter.charCodeAt(0) - 64, 0);
}
