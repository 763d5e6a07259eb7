import type { ColumnId } from './columns';

/** What the user can do with the rows of the table. */
export interface TableActions {
  sortBy(column: ColumnId): void;
  open(id: string): void;
  toggle(id: string): void;
  /** @param from where a range begins that has no beginning yet */
  extend(id: string, from?: string): void;
  toggleAll(): void;
  clear(): void;
  /** This row has the keyboard now. */
  activate(id: string): void;
}
