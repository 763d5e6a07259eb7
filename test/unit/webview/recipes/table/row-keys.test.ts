import { expect, it } from 'vitest';
import { stepFrom } from '../../../../../src/webview/recipes/table';

it.each([
  ['ArrowDown', 0, 1],
  ['ArrowDown', 29, 29],
  ['ArrowUp', 0, 0],
  ['ArrowUp', 5, 4],
  ['PageDown', 5, 15],
  ['PageDown', 25, 29],
  ['PageUp', 5, 0],
  ['Home', 5, 0],
  ['End', 5, 29],
  ['ArrowRight', 5, -1],
  ['x', 5, -1],
])('%s leads from row %i of 30 to %i', (key, at, to) => expect(stepFrom(key, at, 30)).toBe(to));
