import { describe, expect, it } from 'vitest';
import type { Curve } from '../../../../src/experiment/words/curves';
import { isDrawn } from '../../../../src/plot/series';

const curve = (name: string, role: Curve['role'], more: Partial<Curve> = {}): Curve => ({
  name,
  label: name,
  role,
  ...more,
});
const CURVES = [
  curve('base', 'base'),
  curve('rescaled', 'rescaled'),
  curve('as-written', 'as-written'),
  curve('alpha-only', 'alpha-only'),
  curve('blog-rule', 'blog-rule'),
  curve('keep-b', 'plan'),
  curve('alpha-only@2', 'alpha-only', { family: 'alpha-only', draw: 1 }),
];

describe('isDrawn', () => {
  it.each([
    [
      'four curves at first',
      { more: false, solo: null },
      ['base', 'rescaled', 'alpha-only', 'blog-rule', 'alpha-only@2'],
    ],
    ['all on request', { more: true, solo: null }, CURVES.map(({ name }) => name)],
    [
      'one alone, with its other draws and the baseline',
      { more: true, solo: 'alpha-only' },
      ['base', 'alpha-only', 'alpha-only@2'],
    ],
  ])('%s', (_, choice, names) =>
    expect(CURVES.filter((each) => isDrawn(each, choice)).map(({ name }) => name)).toEqual(names),
  );
});
