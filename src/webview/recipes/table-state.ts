import * as v from 'valibot';
import { COLUMN_IDS } from './table/columns';

/** What the page keeps over hiding, moving and reloading. */
const tableState = v.object({
  sort: v.object({ column: v.picklist(COLUMN_IDS), isDescending: v.boolean() }),
  filter: v.string(),
  /** Ids of the chosen rows, in the order they were chosen in. */
  chosen: v.array(v.string()),
  /** Id of the row that has the keyboard. */
  active: v.nullable(v.string()),
});
export type TableState = v.InferOutput<typeof tableState>;

const BEGINNING: TableState = {
  sort: { column: 'file', isDescending: false },
  filter: '',
  chosen: [],
  active: null,
};

/** What VS Code kept of the page; the beginning where it is nothing, or of another version. */
export function stateFrom(kept: unknown): TableState {
  const parsed = v.safeParse(tableState, kept);
  return parsed.success ? parsed.output : BEGINNING;
}
