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
    const pause = (): Promise<void> =>
      new Promise((resolve) =>
        setImmediate(() => {
          turns.push(used);
          used = 0;
          resolve();
        }),
      );
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

  it('works on all of them in their order, so many at a time', async () => {
    let running = 0;
    let most = 0;
    const seen: number[] = [];
    const items = Array.from({ length: 50 }, (_, i) => i);
    const isWhole = await eachBounded(
      items,
      4,
      () => false,
      async (item) => {
        seen.push(item);
        most = Math.max(most, ++running);
        await turn();
        running--;
      },
    );
    expect(isWhole).toBe(true);
    expect(seen).toEqual(items);
    expect(most).toBe(4);
  });

  it('begins nothing once it is stopped, and waits for what has begun', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    let isStopped = false;
    const isWhole = await eachBounded(
      [1, 2, 3, 4, 5, 6],
      2,
      () => isStopped,
      async (item) => {
        begun.push(item);
        await turn();
        ended.push(item);
        if (item === 2) isStopped = true;
      },
    );
    expect(isWhole).toBe(false);
    expect(ended.sort()).toEqual(begun.sort());
    expect(begun.length).toBeLessThan(6);
  });

  it('passes on what goes wrong', async () => {
    const failing = eachBounded(
      [1],
      3,
      () => false,
      () => Promise.reject(new Error('no')),
    );
    await expect(failing).rejects.toThrow('no');
  });

  it('has nothing to do with nothing', async () => {
    expect(
      await eachBounded(
        [],
        3,
        () => false,
        () => Promise.resolve(),
      ),
    ).toBe(true);
  });
});
