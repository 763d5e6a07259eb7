import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Log, Result } from 'sarif';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sarif } from '../../src/cli/lint/sarif';
import { readConfig } from '../../src/config/read';
import { run, type Ended } from './support/cli';

/** As in PrimeIntellect-ai/prime-rl#1567: alpha 64 at rank 32 under AdamW. */
const prime = (alpha: number, lr: string, more = ''): string =>
  `max_steps = 200\n\n[model]\nname = "tiny/instruct"\n\n[trainer.optim]\nlr = ${lr}\n${more}\n[trainer.model.lora]\nrank = 32\nalpha = ${alpha}\n`;
const AXOLOTL = 'adapter: lora\nlora_r: 16\nlora_alpha: 16\noptimizer: adamw_torch\nlearning_rate: 2e-4\n';

/** A repository with these files on its branch main, and with what `change` does to them on top. */
function repository(
  files: Readonly<Record<string, string>>,
  change: (folder: string) => void = () => undefined,
): string {
  const folder = mkdtempSync(join(tmpdir(), 'lora-alpha-lint-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  git(folder, 'init', '-q', '-b', 'main');
  write(folder, files);
  git(folder, 'add', '-A');
  git(folder, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'base', '--allow-empty');
  git(folder, 'checkout', '-qb', 'change');
  change(folder);
  return folder;
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const git = (cwd: string, ...args: string[]): string => execFileSync('git', args, { cwd, encoding: 'utf8' });
const lint = (cwd: string, ...args: string[]): Promise<Ended> => run(['lint', ...args], { cwd });

interface LintedJson {
  base: string | null;
  files: {
    file: string;
    runs: { recipe: string; code: string; message: string; line: number; comparison: { ways: unknown[] } | null }[];
    findings: { code: string }[];
  }[];
}

const lintJson = async (cwd: string, ...args: string[]): Promise<LintedJson & { code: number | null }> => {
  const { stdout, code } = await lint(cwd, ...args, '--format', 'json');
  return { ...(JSON.parse(stdout) as LintedJson), code };
};

describe('the pull request that lowers alpha with the learning rate', () => {
  const changed = (lr: string, more = ''): string =>
    repository({ 'configs/rl.toml': prime(64, '1e-5') }, (folder) =>
      write(folder, { 'configs/rl.toml': prime(32, lr, more) }),
    );

  it.each([
    ['halved', '5e-6', /B learns 4× slower, A 2× slower/],
    ['doubled, as the bot asks', '2e-5', /B learns as fast as in the base, A 2× faster/],
    ['at 1.414e-5, without the init that no config says', '1.41421e-5', /B learns 1\.414× slower, A 1\.414× faster/],
  ])('is another run with the learning rate %s', async (_, lr, how) => {
    const { files, code } = await lintJson(changed(lr), 'configs', '--base', 'main');
    const [one] = files[0]?.runs ?? [];
    expect({ code, of: one?.code, line: one?.line }).toEqual({ code: 1, of: 'another-run', line: 11 });
    expect(one?.message).toMatch(how);
    const toBe = lr === '1.41421e-5' ? '' : 'trainer.optim.lr = 1.41421e-5, ';
    expect(one?.message).toContain(`To be the same run: init of A × 1.41421 (in code), ${toBe}`);
    expect(one?.message).toContain('trainer.optim.weight_decay = 0.00707107');
    expect(one?.message).toMatch(/Or: trainer\.model\.lora\.alpha = 64, trainer\.optim\.lr = 1e-5\.$/);
  });
});

it('prints what README.md and docs/review.md show', async () => {
  const folder = repository({ 'configs/rl.toml': prime(64, '1e-5') }, (at) =>
    write(at, { 'configs/rl.toml': prime(32, '5e-6') }),
  );
  const { stdout } = await lint(folder, 'configs', '--base', 'main');
  for (const page of ['README.md', 'docs/review.md']) expect(readFileSync(page, 'utf8')).toContain(stdout);
});

describe('what became of a run', () => {
  const cases: [what: string, now: string, code: string, exit: number][] = [
    ['other words', `${AXOLOTL}# a remark\n`.replace('16\nopt', '4\npeft_use_rslora: true\nopt'), 'same-run', 0],
    ['another eps', `${AXOLOTL}adam_epsilon: 1e-9\n`, 'nearly-same-run', 0],
    ['a line that is not understood', `${AXOLOTL}optim_args: {mystery: 3}\n`, 'run-unknown', 2],
    ['another learning rate', AXOLOTL.replace('2e-4', '3e-4'), 'another-run', 1],
  ];
  it.each(cases)('%s', async (_, now, code, exit) => {
    const folder = repository({ 'a.yml': AXOLOTL, 'b.yml': AXOLOTL }, (at) => write(at, { 'a.yml': now }));
    const found = await lintJson(folder, '.', '--base', 'main');
    expect(found.files.map(({ file, runs }) => [file, runs.map((each) => each.code)])).toEqual([
      ['a.yml', [code]],
      ['b.yml', []],
    ]);
    expect(found.code).toBe(exit);
  });

  it('follows a file that was renamed, and calls one new that the base has not', async () => {
    const folder = repository({ 'one two/-a.yml': AXOLOTL }, (at) => {
      renameSync(join(at, 'one two/-a.yml'), join(at, 'renamed.yml'));
      git(at, 'add', '-A');
      write(at, { 'renamed.yml': `${AXOLOTL}# moved\n`, 'committed.yml': AXOLOTL.replace('r: 16', 'r: 8') });
    });
    const { files } = await lintJson(folder, '.', '--base', 'main');
    const runs = files.map(({ file, runs: [one] }) => [file, one?.code]);
    expect(runs).toEqual([
      ['committed.yml', 'new-run'],
      ['renamed.yml', 'same-run'],
    ]);
  });

  it('is seen from where the change parted, not from what its base has become', async () => {
    const folder = repository({ 'a.yml': AXOLOTL });
    git(folder, 'checkout', '-q', 'main');
    write(folder, { 'a.yml': AXOLOTL.replace('2e-4', '9e-4') });
    git(folder, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qam', 'main goes on');
    git(folder, 'checkout', '-q', 'change');
    expect((await lintJson(folder, '.', '--base', 'main')).files[0]?.runs).toEqual([]);
  });
});

describe('--base', () => {
  it.each(['--output=made', '-O/made', '', 'no such', 'main..HEAD'])('refuses %j', async (ref) => {
    const folder = repository({ 'a.yml': AXOLOTL });
    const { code, stderr, stdout } = await lint(folder, 'a.yml', `--base=${ref}`);
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toMatch(/^lora-alpha: --base is "[^\n]*it must be a revision, such as origin\/main\n$/);
    expect(git(folder, 'status', '--porcelain')).toBe('');
  });

  it('starts nothing that the repository names', async () => {
    const folder = repository({ 'a.yml': AXOLOTL, '.gitattributes': '*.yml diff=evil filter=e=vil\n' }, (at) =>
      write(at, { 'a.yml': AXOLOTL.replace('2e-4', '3e-4') }),
    );
    const keys = ['diff.evil.command', 'diff.evil.textconv', 'diff.external', 'core.fsmonitor', 'core.pager'];
    for (const key of [...keys, 'filter.e=vil.clean', 'filter.e=vil.process', 'filter.evil.clean']) {
      git(folder, 'config', key, 'touch made; false');
    }
    const { code } = await lintJson(folder, '.', '--base', 'main');
    expect([code, readdirSync(folder).sort()]).toEqual([1, ['.git', '.gitattributes', 'a.yml']]);
  });
});

it('holds the code of a plan with its config: in the base, and in the change', async () => {
  const folder = repository({ 'a.yml': AXOLOTL });
  const rewrite = (alpha: string): Promise<Ended> =>
    run(['rewrite', 'a.yml', '--alpha', alpha, '--write'], { cwd: folder });
  const codes = async (path = 'a.yml'): Promise<unknown> =>
    (await lintJson(folder, path, '--base', 'HEAD')).files.map(({ file, runs: [one] }) => [file, one?.code]);
  await rewrite('64');
  git(folder, 'add', '-A');
  git(folder, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'alpha 64');
  await rewrite('32');
  expect(await codes()).toEqual([['a.yml', 'same-run']]);
  git(folder, 'checkout', '-q', 'a.yml');
  expect(await codes()).toEqual([['a.yml', 'another-run']]);
  // A hook names the files that were staged: the code alone.
  expect(await codes('rescale_init.py')).toEqual([['a.yml', 'another-run']]);
  rmSync(join(folder, 'rescale_init.py'));
  expect(await codes()).toEqual([['a.yml', 'another-run']]);
});

describe('files and folders', () => {
  it('reads what may be a config, and neither programs of others nor what links lead to', async () => {
    const folder = repository({ 'node_modules/a.yml': AXOLOTL, '.hidden/a.yml': AXOLOTL, 'b/c.yml': AXOLOTL });
    write(folder, { 'plain.yml': 'a: 1\n', 'latin.yml': 'a: 1\n', 'notes.txt': AXOLOTL });
    writeFileSync(join(folder, 'latin.yml'), Buffer.from([0x61, 0x3a, 0xe9]));
    symlinkSync(folder, join(folder, 'loop'));
    const { files, base } = await lintJson(folder, '.', 'plain.yml', 'b/c.yml');
    expect([base, files.map(({ file }) => file)]).toEqual([null, ['b/c.yml']]);
    expect(await lint(folder, 'missing.yml')).toMatchObject({ code: 64, stdout: '' });
  });
});

describe('--format github', () => {
  it('keeps text of a file inside its annotation and its cell', async () => {
    const name = 'a,b:c|`<b>.yml';
    const folder = repository({ [name]: AXOLOTL }, (at) =>
      write(at, { [name]: `${AXOLOTL.replace('2e-4', '3e-4')}optim_args: {"::stop-commands::x\\n|<img>": 3}\n` }),
    );
    const page = join(folder, 'summary.md');
    const { stdout } = await run(['lint', '.', '--base', 'main', '--format', 'github'], {
      cwd: folder,
      env: { GITHUB_STEP_SUMMARY: page },
    });
    const [first = '', ...others] = stdout.split('\n');
    expect(first).toMatch(/^::error file=a%2Cb%3Ac\|`<b>\.yml,line=3,title=LoRA Alpha%3A another-run::Different runs/);
    expect(others.filter((line) => line.startsWith('::stop'))).toEqual([]);
    const summary = readFileSync(page, 'utf8');
    expect(summary).toMatch(/^## LoRA Alpha\n\n1 config, 1 changed: 1 another run\./);
    expect(summary).toContain('| <code>a,b:c&#124;&#96;&#60;b&#62;.yml</code> | ❌ another run |');
    expect(summary).not.toContain('<img>');
  });
});

describe('--format sarif', () => {
  const needs = createRequire(createRequire(__filename).resolve('@microsoft/jest-sarif/package.json'));
  const Ajv = needs('ajv') as new (options: object) => {
    addMetaSchema: (schema: unknown) => void;
    compile: (schema: unknown) => ((data: unknown) => boolean) & { errors?: unknown };
  };
  const ajv = new Ajv({ schemaId: 'auto', unknownFormats: 'ignore' });
  ajv.addMetaSchema(needs('ajv/lib/refs/json-schema-draft-04.json'));
  const validate = ajv.compile(needs('./lib/schemas/sarif-2.1.0-rtm.5.json'));
  /** Held against the published schema. */
  const valid = (text: string): Result[] => {
    const log = JSON.parse(text) as Log;
    validate(log);
    expect(validate.errors).toBeNull();
    return log.runs[0]?.results ?? [];
  };
  const place = ({ locations: [one] = [] }: Result): unknown[] => [
    one?.physicalLocation?.artifactLocation?.uri,
    one?.physicalLocation?.region?.startLine,
  ];

  it('names rule, place and fingerprint, which lines above do not change', async () => {
    const folder = repository({ 'one two/ü#.toml': prime(64, '1e-5') });
    const results = async (text: string): Promise<Result[]> => {
      write(folder, { 'one two/ü#.toml': text });
      return valid((await lint(folder, '.', '--base', 'main', '--format', 'sarif')).stdout);
    };
    const [before] = await results(prime(32, '5e-6'));
    const [after] = await results(`# new\n\n${prime(32, '5e-6')}`);
    expect(before).toMatchObject({ ruleId: 'another-run', level: 'error' });
    expect([before, after].map((each) => each && place(each))).toEqual([
      ['one%20two/%C3%BC%23.toml', 11],
      ['one%20two/%C3%BC%23.toml', 13],
    ]);
    expect(after?.partialFingerprints).toEqual(before?.partialFingerprints);
    expect(await results(prime(64, '1e-5'))).toEqual([]);
  });

  it('stays below what GitHub shows, errors first, and says how many are left out', () => {
    const reading = readConfig(AXOLOTL, 'a.yml');
    const finding = { code: 'guessed', severity: 'info', message: 'x', line: null, range: null } as const;
    const findings = [...Array.from({ length: 6000 }, () => finding), { ...finding, severity: 'error' } as const];
    const text = JSON.stringify(sarif([{ path: 'a.yml', text: AXOLOTL, reading: { ...reading, findings }, runs: [] }]));
    const results = valid(text);
    expect([results.length, results[0]?.level]).toEqual([4999, 'error']);
    expect(new Set(results.map((each) => each.partialFingerprints?.['primaryLocationLineHash'])).size).toBe(4999);
    expect(text).toContain('1002 more results are left out.');
  });
});
