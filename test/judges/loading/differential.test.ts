import { describe, expect, it } from 'vitest';
import { runsOf, seedOf } from '../../support/seed';
import { PYTHON } from '../python';
import { ASKED, differential, loadersOf, type Asked } from './differential';

/** Texts a loader; `LORA_ALPHA_RUNS` compares as many as one likes. */
const RUNS = runsOf(600);
const known = loadersOf(PYTHON);

describe('what is accepted is what the loader accepts', () => {
  it.for(Object.keys(ASKED) as Asked[])('%s', { timeout: 60_000 + 20 * RUNS }, (loader, { skip, task }) => {
    if (!known.includes(loader)) {
      const why = `${PYTHON} has no ${loader}`;
      Object.assign(task.meta, { why });
      skip(why);
    }
    const tally = differential(PYTHON, loader, RUNS, seedOf(process.env['LORA_ALPHA_SEED']));
    expect(tally.differ.slice(0, 10)).toEqual([]);
    expect(tally.unread).toBeLessThanOrEqual(ASKED[loader][2] * RUNS);
    // Enough of the texts are read, and of their leaves known, for the comparison to say something.
    expect(tally.stops).toBeLessThan(0.7 * RUNS);
    expect(tally.known).toBeGreaterThan(RUNS / 2);
    expect(tally.unknown).toBeLessThan(tally.known / 20);
  });
});
