import { describe, expect, it } from 'vitest';
import { EXPLAINED } from '../../../../src/config/findings/explained/all';

describe('explanations', () => {
  it.each(Object.entries(EXPLAINED))('%s has a heading and whole sentences', (code, { title, text }) => {
    expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(text).toMatch(/^\S.*[.:]$/s);
    expect(text.length).toBeGreaterThan(60);
  });

  it('say different things', () => {
    const titles = Object.values(EXPLAINED).map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });
});
