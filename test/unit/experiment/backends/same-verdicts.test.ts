import { describe, expect, it } from 'vitest';
import { saysSame, SPREAD, verdictOn } from './support';

describe('cpu and wasm', () => {
  it.each(SPREAD)('give %s under %s the same verdict, with the proof’s bits', async (task, row) => {
    const [here, there] = [await verdictOn(task, row, 'cpu'), await verdictOn(task, row, 'wasm')];
    expect(saysSame(there)).toBe(saysSame(here));
    expect([here.proof?.identical, there.proof?.identical]).toEqual([true, true]);
  });
});
