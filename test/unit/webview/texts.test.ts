import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { changesAsTsv } from '../../../src/webview/panel/live-view';
import { runAsCsv } from '../../../src/webview/plots/export';
import { priceOf } from '../../../src/experiment/words/sizes';
import { sampledSteps } from '../../../src/plot/series';
import { nextIndex } from '../../../src/webview/page/choices';
import { debounced } from '../../../src/webview/page/dom';
import { anyCharacter } from '../../support/any-character';

describe('the copied table', () => {
  const row = { key: 'lr', from: '3e-4', to: '1.5e-4', law: '÷ √k', why: 'because', note: '', line: 3 };

  test('has a heading and a line per row', () => {
    expect(changesAsTsv([row], { alpha: 64 })).toBe(
      'hyperparameter\tnow\tat alpha 64\tfactor\twhy\tnote\nlr\t3e-4\t1.5e-4\t÷ √k\tbecause\t\n',
    );
  });

  test('keeps its columns whatever a file holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        const [, line = ''] = changesAsTsv([{ ...row, from: text }], { alpha: 1 }).split('\n');
        expect(line.split('\t')).toHaveLength(6);
      }),
    );
  });
});

describe('the exported numbers', () => {
  const curves = [
    { name: 'base', label: 'baseline', role: 'base' },
    { name: 'rescaled', label: 'rescaled', role: 'rescaled' },
    { name: 'control-1', label: 'control 1', role: 'control' },
  ] as const;

  test('are whole: losses, deviations and the band', () => {
    const losses = [
      [2, 1],
      [2, 1.5],
      [2, 1.25],
    ];
    expect(runAsCsv(curves, losses)).toBe(
      'step,loss: baseline,loss: rescaled,loss: control 1,difference from the baseline: rescaled,rounding error\r\n' +
        '0,2,2,2,0,0\r\n1,1,1.5,1.25,0.5,0.25\r\n',
    );
  });

  test('quotes a label with a quote', () => {
    expect(runAsCsv([{ name: 'a', label: 'a "b"', role: 'base' }], [[1]])).toBe('step,"loss: a ""b"""\r\n0,1\r\n');
  });
});

test.each([
  [{ exactness: 'exact', says: 'exact', measured: null }, 'exact', true],
  [{ exactness: 'exact', says: 'exact', measured: 2e-5 }, 'exact', true],
  [{ exactness: 'exact', says: 'exact', measured: 0 }, 'exact, same bits', true],
  [{ exactness: 'exact', says: 'exact for the run recorded', measured: 0 }, 'exact for the run recorded', true],
  [{ exactness: 'nearly', says: 'nearly exact', measured: null }, 'nearly exact', true],
  [{ exactness: 'approximate', says: 'exact for what was read', measured: null }, 'exact for what was read', false],
  [{ exactness: 'approximate', says: 'approximate', measured: null }, 'approximate', false],
  [{ exactness: 'approximate', says: 'approximate', measured: 0.021 }, 'off by 2.1 %', false],
] as const)('the price of %j is %s', (plan, text, good) => expect(priceOf(plan)).toEqual({ text, good }));

test('the table reads out the first and the last step, and no step twice', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 2, max: 20 }), (total, count) => {
      const steps = sampledSteps(total, count);
      expect(steps[0]).toBe(0);
      expect(steps.at(-1)).toBe(total - 1);
      expect(new Set(steps).size).toBe(Math.min(total, count));
    }),
  );
});

test('arrows go round, Home and End to the ends, other keys nowhere', () => {
  expect(['ArrowDown', 'ArrowUp', 'Home', 'End', 'a'].map((key) => nextIndex(key, 0, 3))).toEqual([1, 2, 0, 2, -1]);
  expect(nextIndex('ArrowRight', 2, 3)).toBe(0);
});

describe('what is debounced', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const setUp = (): { heard: number[]; tell: ReturnType<typeof debounced<number>> } => {
    const heard: number[] = [];
    return { heard, tell: debounced((value: number) => heard.push(value), 150) };
  };

  test('only the last value is acted on, after a pause', () => {
    const { heard, tell } = setUp();
    tell(1);
    vi.advanceTimersByTime(149);
    tell(2);
    vi.advanceTimersByTime(149);
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(heard).toEqual([2]);
  });

  test('now does not wait, and acts once', () => {
    const { heard, tell } = setUp();
    tell(1);
    tell.now();
    tell.now();
    vi.advanceTimersByTime(1000);
    expect(heard).toEqual([1]);
  });

  test('a cancelled value is forgotten', () => {
    const { heard, tell } = setUp();
    tell(1);
    tell.cancel();
    tell.now();
    vi.advanceTimersByTime(1000);
    expect(heard).toEqual([]);
  });
});
