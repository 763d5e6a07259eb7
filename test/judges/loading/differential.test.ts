import { describe, expect, it } from 'vitest';
import { seedOf } from '../../support/seed';
import { loadersOf } from './ask';
import { ASKED, differential, type Asked } from './differential';

/** Texts a loader; `npm run loaders` compares as many as one likes. */
const RUNS = 1000;
const python = process.env.LORA_ALPHA_PYTHON ?? 'python3';
const known = loadersOf(process.cwd(), python);

describe('what is accepted is what the loader accepts', () => {
  it.for(Object.keys(ASKED) as Asked[])('%s', (loader, { skip, task }) => {
    if (!known.includes(loader)) {
      const why = `${python} has no ${loader}`;
      Object.assign(task.meta, { why });
      skip(why);
    }
    const tally = differential(process.cwd(), python, loader, RUNS, seedOf(process.env['LORA_ALPHA_SEED']));
    expect(tally.differ).toEqual([]);
    // Enough of the texts are read, and of their leaves known, for the comparison to say something.
    expect(tally.stops).toBeLessThan(0.7 * RUNS);
    expect(tally.known).toBeGreaterThan(RUNS / 2);
    expect(tally.unknown).toBeLessThan(tally.known / 20);
  });
});
