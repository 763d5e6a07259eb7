import { describe, expect, it } from 'vitest';
import { optimizerNames } from '../../../scripts/docs/optimizer-names';
import { TRAINERS } from '../../../src/config/trainers/all';
import { optimizerRow } from '../../../src/recipe/optimizers/optimizers';

const names = optimizerNames();

describe('optimizerNames', () => {
  it.each(names.map(({ trainer, name, rows, reasons }) => [trainer, name, rows, reasons] as const))(
    '%s: %s names a row or a reason',
    (_trainer, _name, rows, reasons) => {
      expect(rows.length + reasons.length).toBeGreaterThan(0);
      expect(rows.filter((row) => optimizerRow(row) === undefined)).toEqual([]);
      for (const reason of reasons) expect(reason).toMatch(/^\S.*[^.]\.$/);
    },
  );

  it('names nothing twice in one trainer', () => {
    const keys = names.map(({ trainer, name }) => `${trainer} ${name}`);
    expect(keys).toEqual([...new Set(keys)]);
  });

  it('knows every name that a trainer here reads', () => {
    const listed = new Set(names.map(({ name }) => name));
    const read = TRAINERS.flatMap(({ layouts }) => layouts.flatMap(({ optimizers }) => Object.keys(optimizers)));
    expect(read.length).toBeGreaterThan(150);
    expect(read.filter((name) => !listed.has(name))).toEqual([]);
  });
});
