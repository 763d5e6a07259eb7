import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { debounced } from '../../../../src/webview/page/dom';

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
