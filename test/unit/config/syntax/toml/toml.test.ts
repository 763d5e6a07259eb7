import { expect, it } from 'vitest';
import { parseToml } from '../../../../../src/config/syntax/toml/toml';

// What other texts give is in cases/toml*.txt. Each text there was tried with toml 0.10.2: that stops, or reads another
// value, at those that are not read with it.
it('takes no number of more digits than Python does', () => {
  const text = (digits: number): string => `a = ${'9'.repeat(digits)}\n`;
  expect(parseToml(text(4300)).ok).toBe(true);
  expect(parseToml(text(4301))).toMatchObject({ ok: false, message: expect.stringMatching(/4300 digits/) as string });
});
