import { beforeAll, describe, expect, it } from 'vitest';
import type { Verdict } from '../../../../../src/experiment/verdict/verdict';
import { saysSame, SPREAD, verdictOn } from '../support';
import { BUILDS, startWith } from './support';

/** Every third, since one of the builds is that of ../same-verdicts.test.ts. */
const FEW = SPREAD.filter((_, i) => i % 3 === 0);

/** What cpu says does not depend on the build. */
const onCpu = new Map<string, Promise<Verdict>>();

describe.each(BUILDS)('%s', (build) => {
  beforeAll(() => startWith(build));

  it.each(FEW)('gives %s under %s the verdict of cpu, with the proof’s bits', async (task, row) => {
    const verdict = await verdictOn(task, row, 'wasm');
    expect(verdict.proof?.identical).toBe(true);
    // Last: it starts another backend.
    const known = onCpu.get(`${task} ${row}`) ?? verdictOn(task, row, 'cpu');
    onCpu.set(`${task} ${row}`, known);
    expect(saysSame(verdict)).toBe(saysSame(await known));
  });
});
