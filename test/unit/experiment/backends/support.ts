import type { BackendId } from '../../../../src/experiment/spec';
import { runVerdict, type Verdict } from '../../../../src/experiment/verdict/verdict';
import { rowsOn, specOn, TASKS } from '../../../support/twin-specs';
import { run } from '../support/lab';

/** Every task under every ninth exact row, shifted from task to task, so that each family is met somewhere. */
export const SPREAD = Object.keys(TASKS).flatMap((task, shift) =>
  rowsOn(task).flatMap(({ id }, i) => (i % 9 === 2 * shift ? [[task, id] as const] : [])),
);

/** The verdict on twins at k = 3, 4 and 1/64. */
export async function verdictOn(task: string, id: string, backend: BackendId): Promise<Verdict> {
  const row = rowsOn(task).find((each) => each.id === id);
  if (!row) throw new Error(`no twins of ${id} on ${task}`);
  const spec = specOn(task, row, backend);
  const result = await run(spec);
  if (result.backend !== backend) throw new Error(`${backend} did not start`);
  return runVerdict(spec, result);
}

/** Whether two losses round to the same number at k = 3 is chance, and so is `identical` or `equivalent` there. */
export function saysSame({ kind, reason }: Verdict): string {
  return kind === 'identical' || kind === 'equivalent' ? 'the same run' : `${kind} ${reason ?? ''}`;
}
