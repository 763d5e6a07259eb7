import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OUTCOME_FILE } from '../../../scripts/outcome-reporter.mjs';
import { inTwoTries, type Outcome, type Part, sumOf, tellSkipped, tellTroubles } from '../../../scripts/outcomes.mjs';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const VITEST = path.join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');

/** A file of tests of every kind, and files that do not get that far. */
const FILES: Record<string, string> = {
  'vitest.config.mjs': 'export default {};',
  'kinds.test.ts': `
    import { expect, it } from 'vitest';
    let tries = 0;
    it('is right', () => undefined);
    it('is right the second time', { retry: 1 }, () => expect(++tries).toBe(2));
    it('is wrong', { retry: 1 }, () => expect('alpha').toBe('rank'));
    it('has no package', ({ skip, task }) => { Object.assign(task.meta, { why: 'no torch' }); skip(); });
    it.todo('is not asked');`,
  'broken.test.ts': `import './no-such-file';`,
  'set-up.test.ts': `
    import { beforeAll, it } from 'vitest';
    beforeAll(() => { throw new Error('no editor'); });
    it('never begins', () => undefined);`,
  'late.test.ts': `
    import { beforeAll, describe, it } from 'vitest';
    describe('a window', () => {
      beforeAll(({}, { meta }) => Object.assign(meta, { failedBefore: 'Error: was closed' }));
      it('is fine', () => undefined);
    });`,
  'end.test.ts': `
    import { afterAll, describe, it } from 'vitest';
    describe('an editor', () => {
      afterAll(() => { throw new Error('is still there'); });
      it('is fine', () => undefined);
    });`,
};

let folder: string;
let outcome: Outcome;

beforeAll(async () => {
  // Within the project, where vitest is found.
  await mkdir(path.join(ROOT, '.cache'), { recursive: true });
  folder = await mkdtemp(path.join(ROOT, '.cache', 'outcomes-'));
  for (const [name, text] of Object.entries(FILES)) await writeFile(path.join(folder, name), text);
  const output = path.join(folder, 'report.json');
  const args = ['run', `--reporter=${path.join(ROOT, 'scripts', 'outcome-reporter.mjs')}`];
  const env = { ...process.env, [OUTCOME_FILE]: output };
  await new Promise((resolve) => execFile(process.execPath, [VITEST, ...args], { cwd: folder, env }, resolve));
  outcome = sumOf(JSON.parse(await readFile(output, 'utf8')) as Part[]);
});
afterAll(() => rm(folder, { recursive: true }));

describe('what a suite’s report comes to', () => {
  it('counts what passed and what failed, files without a test of their own among it', () => {
    expect(outcome).toMatchObject({ passed: 4, failed: 4 });
  });

  it('names what failed and what passed on a second try, with what was wrong', () => {
    const found = outcome.troubles.toSorted((a, b) => a.name.localeCompare(b.name));
    expect(found.map(({ name, again, why }) => [name, again, why])).toEqual([
      ['broken.test.ts', false, expect.stringContaining('no-such-file')],
      ['end.test.ts: an editor', false, expect.stringContaining('is still there')],
      ['kinds.test.ts: is right the second time', true, expect.stringContaining('expected 1 to be 2')],
      ['kinds.test.ts: is wrong', false, expect.stringContaining("expected 'alpha' to be 'rank'")],
      ['late.test.ts: a window', true, 'Error: was closed'],
      ['set-up.test.ts', false, expect.stringContaining('no editor')],
    ]);
  });

  it('tells what did not run apart from what passed, with the reason', () => {
    const { passed, skipped } = outcome;
    expect([passed, skipped.length]).toEqual([4, 3]);
    expect(tellSkipped(skipped.filter(({ why }) => why !== ''))).toBe(
      'Skipped, and not counted as passed (1):\n  kinds.test.ts: has no package: no torch',
    );
    expect(tellSkipped([])).toBe('');
  });

  it('is told under a heading a kind, and not at all where all is well', () => {
    const why = 'Error: no\n    at line 3';
    const troubles = ['a', 'b'].map((name) => ({ name, why, again: name === 'a' }));
    const told = '\n      Error: no\n          at line 3';
    expect(tellTroubles(troubles)).toBe(`Failed:\n  b${told}\n\nPassed on a second try, after:\n  a${told}`);
    expect(tellTroubles([])).toBe('');
  });
});

describe('a second try', () => {
  const part = (file: string, passed: number, ...failed: string[]): Part => ({
    ...{ file, passed, failed: failed.length, skipped: [] },
    troubles: failed.map((name) => ({ name, why: `${file} failed`, again: false })),
  });
  const again = (name: string, why: string) => ({ name, why, again: true });
  it.each<[what: string, first: Part[], second: Part[], asked: unknown, outcome: Partial<Outcome>]>([
    ['is not needed', [part('a', 2)], [], 'nothing', { passed: 2, failed: 0, troubles: [] }],
    [
      'of a file counts for all of its tests',
      [part('a', 2), part('b', 1, 'one')],
      [part('b', 2)],
      ['b'],
      { passed: 4, failed: 0, troubles: [again('one', 'b failed')] },
    ],
    [
      'that fails fails, and another test of the file, too',
      [part('b', 1, 'one')],
      [part('b', 0, 'one', 'two')],
      ['b'],
      { passed: 0, failed: 2, troubles: part('b', 0, 'one', 'two').troubles },
    ],
    [
      'of everything follows what went wrong between the files',
      [part('a', 1), part('', 0, 'the editor ended')],
      [part('a', 1), part('b', 3)],
      undefined,
      { passed: 4, failed: 0, troubles: [again('the editor ended', ' failed')] },
    ],
    ['that runs nothing changes nothing', [part('a', 1, 'one')], [], ['a'], { passed: 1, failed: 1 }],
  ])('%s', async (_, first, second, asked, outcome) => {
    const calls: unknown[] = [];
    const run = (files?: string[]): Promise<Part[]> => Promise.resolve(calls.push(files) === 1 ? first : second);
    const { passed, failed, troubles } = await inTwoTries(run);
    expect({ passed, failed, troubles }).toMatchObject(outcome);
    expect(calls.slice(1)).toEqual(asked === 'nothing' ? [] : [asked]);
  });
});
