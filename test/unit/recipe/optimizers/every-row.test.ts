import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OPTIMIZER_ROWS } from '../../../../src/recipe/optimizers/optimizers';

/** Trajectories of published packages, each with the row that must follow it, and the script that makes the file. */
const FILES = {
  'docs/optimizers/measured.json': 'test/golden/packages/main.py',
  'test/unit/experiment/optimizers/reference.json': 'reference.py beside it',
  'test/unit/experiment/optimizers/step-sizes.json': 'step-sizes.py beside it',
};

const measured = new Set(
  Object.keys(FILES).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/"row": ?"([^"]+)"/g)].map(([, row]) => row),
  ),
);

describe('every row of the table of optimizers', () => {
  it.each(OPTIMIZER_ROWS)('$id is measured on a published package', ({ id }) => {
    const where = Object.entries(FILES).map(([file, script]) => `${file} (${script})`);
    expect(measured.has(id), `${id} has no trajectory in ${where.join(', ')}`).toBe(true);
  });
});
