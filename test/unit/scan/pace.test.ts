import { describe, expect, it } from 'vitest';
import { breather, eachBounded } from '../../../src/scan/pace';

describe('breather', () => {
  it('gives the thread away once its time is used up, and not before', async () => {
    let time = 0;
    let pauses = 0;
    const pause = (): Promise<void> => {
      pauses++;
      time += 1000;
      return Promise.resolve();
    };
    const breathe = breather({ now: () => time, pause }, 6);
    for (const work of [2, 2, 1.9]) {
      time += work;
      expect(breathe()).toBeUndefined();
    }
    time += 0.1;
    await breathe();
    expect(pauses).toBe(1);
    // What others did meanwhile is not counted.
    time += 5;
    expect(breathe()).toBeUndefined();
    time += 1;
    await breathe();
    expect(pauses).toBe(2);
  });

  it('gives all who wait for the thread one budget together', async () => {
    let time = 0;
    let used = 0;
    const turns: number[] = [];
    const pause = async (): Promise<void> => {
      await new Promise(setImmediate);
      turns.push(used);
      used = 0;
    };
    const breathe = breather({ now: () => time, pause }, 6);
    time += 6;
    const lane = async (): Promise<void> => {
      await breathe();
      time += 2;
      used += 2;
    };
    await Promise.all(Array.from({ length: 16 }, lane));
    turns.push(used);
    expect(Math.max(...turns)).toBe(6);
    expect(turns.reduce((sum, turn) => sum + turn)).toBe(32);
  });
});

describe('eachBounded', () => {
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const goesOn = (): boolean => false;

  it('works on all of them in their order, so many at a time', async () => {
    let [running, most] = [0, 0];
    const seen: number[] = [];
    const items = Array.from({ length: 50 }, (_, i) => i);
    const isWhole = await eachBounded(items, 4, goesOn, async (item) => {
      seen.push(item);
      most = Math.max(most, ++running);
      await turn();
      running--;
    });
    expect([isWhole, most, seen]).toEqual([true, 4, items]);
  });

  it('begins nothing once it is stopped, and waits for what has begun', async () => {
    const [begun, ended]: [number[], number[]] = [[], []];
    const isStopped = (): boolean => ended.includes(2);
    const isWhole = await eachBounded([1, 2, 3, 4, 5, 6], 2, isStopped, async (item) => {
      begun.push(item);
      await turn();
      ended.push(item);
    });
    expect(isWhole).toBe(false);
    expect(ended.sort()).toEqual(begun.sort());
    expect(begun.length).toBeLessThan(6);
  });

  it('passes on what goes wrong, and has nothing to do with nothing', async () => {
    await expect(eachBounded([1], 3, goesOn, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await eachBounded([], 3, goesOn, () => Promise.resolve())).toBe(true);
  });
});
