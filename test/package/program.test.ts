import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/paths.mjs';
import { packProgram } from '../../scripts/release.mjs';

const CONFIG = 'axolotl-llama3.yml';

describe('the package of npm', () => {
  let folder: string;
  let tarball: string;
  const run = (command: string, ...args: string[]): string =>
    execFileSync(command, args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'lora-alpha-'));
    tarball = await packProgram('https://github.com/owner/name', folder);
    run('npm', 'install', '--offline', '--no-audit', '--no-fund', tarball);
    copyFileSync(path.join(ROOT, 'examples', CONFIG), path.join(folder, CONFIG));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is below 3 MB, and needs no other package and no script', () => {
    expect(statSync(tarball).size).toBeLessThan(3_000_000);
    const installed = path.join(folder, 'node_modules', 'lora-alpha');
    const manifest = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8')) as Record<string, unknown>;
    const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(manifest).toMatchObject({ name: 'lora-alpha', version, engines: { node: '>=20' } });
    for (const absent of ['dependencies', 'devDependencies', 'scripts', 'contributes']) {
      expect(manifest).not.toHaveProperty(absent);
    }
    expect(readFileSync(path.join(installed, 'README.md'), 'utf8')).not.toContain('](media/');
  });

  it('plans and trains in a folder that holds nothing else', () => {
    expect(run('npx', '--no-install', 'lora-alpha', 'plan', CONFIG, '--alpha', '64')).toContain(
      'Rescale the init (symmetric): exact',
    );
    expect(run('npx', '--no-install', 'lora-alpha', 'check', CONFIG, '--alpha', '64')).toContain(
      '✓ The same run, to the last bit',
    );
  });

  it('is a library whose types a strict program keeps to', () => {
    const program = `
      import { check, compare, plan, read, rewrite, type Plans } from 'lora-alpha';
      declare const console: { log: (text: string) => void };
      const text = 'adapter: lora\\nlora_r: 16\\nlora_alpha: 16\\noptimizer: adamw_torch\\nlearning_rate: 2e-4\\n';
      const config = { text, path: 'a.yml' };
      const plans: Plans = plan(config, { alpha: 64 });
      const rewritten = rewrite(config, { alpha: 64 }, 'lr-only');
      const { same, differences } = compare(config, { ...config, text: rewritten.text });
      const { verdict, notUnderstood } = await check(config, { alpha: 64 }, { task: 'linear', steps: 8 });
      const [recipe] = read(config).recipes;
      let refusal = '';
      try { plan({ text: 'a: 1', path: 'b.yml' }, { alpha: 64 }); } catch (error) { refusal = String(error); }
      // @ts-expect-error: alpha is a number
      try { plan(config, { alpha: '64' }); } catch { /* refused at run time, too */ }
      const lr = plans.plans[0]?.changes.find(({ key }) => key === 'learning_rate')?.to;
      console.log(JSON.stringify([recipe?.signature, lr, same, differences.length, verdict, notUnderstood, refusal]));`;
    writeFileSync(path.join(folder, 'program.mts'), program);
    const options = ['--strict', '--module', 'nodenext', '--target', 'es2022', 'program.mts'];
    run('node', path.join(ROOT, 'node_modules/typescript/bin/tsc'), ...options);
    expect(JSON.parse(run('node', 'program.mjs'))).toEqual([
      ...[expect.stringMatching(/^1-[0-9a-f]{32}$/), 1e-4, false, expect.any(Number), 'identical', []],
      'Error: b.yml: holds no LoRA config of a known trainer; there is nothing to plan, check, rewrite or compare',
    ]);
    expect(run('node', '-p', "typeof require('lora-alpha').plan")).toBe('function\n');
  });

  describe('under review', () => {
    const SUMMARY = 'summary.md';
    const text = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
    const git = (...args: string[]): string => run('git', '-c', 'user.name=a', '-c', 'user.email=a@b', ...args);
    /** Runs a step as the service would, in the prepared pull request. */
    const step = (script: string, env: Record<string, string>): { status: number | null; stdout: string } => {
      const all = {
        ...process.env,
        npm_config_offline: 'true',
        GITHUB_STEP_SUMMARY: path.join(folder, SUMMARY),
        ...env,
      };
      return spawnSync('bash', ['-e', '-o', 'pipefail', '-c', script], { cwd: folder, encoding: 'utf8', env: all });
    };
    let base: string;
    beforeAll(() => {
      git('init', '-q', '-b', 'main');
      writeFileSync(path.join(folder, '.gitignore'), 'node_modules\n*.json\n*.tgz\nsummary.md\nhooks\n');
      git('add', '-A');
      git('commit', '-qm', 'base');
      base = git('rev-parse', 'HEAD').trim();
      const config = readFileSync(path.join(folder, CONFIG), 'utf8').replace(/lora_alpha: 16/, 'lora_alpha: 64');
      writeFileSync(path.join(folder, CONFIG), config);
      git('commit', '-qam', 'raise alpha alone');
    });

    it('has the version of the package in the action and the hook', () => {
      const { version } = JSON.parse(text('package.json')) as { version: string };
      const named = [text('action.yml').match(/default: (\d+\.\d+\.\d+)/)?.[1]];
      for (const file of ['.pre-commit-hooks.yaml', 'docs/review.md'])
        named.push(text(file).match(/lora-alpha@([\d.]+)/)?.[1]);
      expect(new Set(named)).toEqual(new Set([version]));
    });

    it.each([
      ['fails where a run is another', { paths: '.', base: '' }, 1],
      ['does not fail where it shall not', { paths: `${CONFIG}\n.`, base: '', fail: 'false' }, 0],
      ['takes no base of zeros', { paths: '.', base: '0'.repeat(40) }, 0],
      ['says wrong usage even so', { paths: 'missing.yml', base: '', fail: 'false' }, 64],
    ])('the action %s', (_, given: Record<string, string>, status) => {
      interface Action {
        inputs: Record<string, { default: string }>;
        runs: { steps: { run: string; env: Record<string, string>; shell: string }[] };
      }
      const { inputs, runs } = parse(text('action.yml')) as Action;
      const usual = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, String(input.default)]));
      const values: Record<string, string> = { ...usual, ...given, base: given['base'] || base };
      rmSync(path.join(folder, SUMMARY), { force: true });
      for (const { run: script, env, shell } of runs.steps) {
        expect(shell).toBe('bash');
        const named = Object.entries(env).map(([name, value]) => {
          return [name, value.replace(/\$\{\{ inputs\.(\w+) \}\}/, (__, input: string) => values[input] ?? '')];
        });
        const ended = step(script, Object.fromEntries(named) as Record<string, string>);
        expect(ended.status).toBe(status);
        if (status === 64 || given['base']) continue;
        expect(ended.stdout).toMatch(/^::error file=axolotl-llama3\.yml,line=\d+,title=LoRA Alpha%3A another-run::/m);
        expect(readFileSync(path.join(folder, SUMMARY), 'utf8').match(/^## /gm)).toHaveLength(1);
      }
    });

    it('the lines for GitLab fail where a run is another', () => {
      const [, yaml = ''] = /## GitLab\n\n```yaml\n([^]*?)```/.exec(text('docs/review.md')) ?? [];
      const job = (parse(yaml) as Record<string, { script: string[] }>)['lora-alpha'];
      const ended = step(job?.script.join('\n') ?? '', { CI_MERGE_REQUEST_DIFF_BASE_SHA: base });
      expect([ended.status, ended.stdout]).toEqual([1, expect.stringContaining('That is the base with alpha × 4.')]);
    });

    it('the hook of pre-commit fails where a run is another', () => {
      const [hook] = parse(text('.pre-commit-hooks.yaml')) as { id: string; entry: string; args: string[] }[];
      const since = ['--base', base, '--'];
      const isInstalled = spawnSync('pre-commit', ['--version']).status === 0;
      const hooks = path.join(folder, 'hooks');
      mkdirSync(hooks, { recursive: true });
      copyFileSync(path.join(ROOT, '.pre-commit-hooks.yaml'), path.join(hooks, '.pre-commit-hooks.yaml'));
      const inHooks = (...args: string[]): string => git('-C', hooks, ...args);
      for (const args of [
        ['init', '-q'],
        ['add', '-A'],
        ['commit', '-qm', 'hooks'],
      ])
        inHooks(...args);
      const repos = [{ repo: hooks, rev: inHooks('rev-parse', 'HEAD').trim(), hooks: [{ id: hook?.id, args: since }] }];
      writeFileSync(path.join(folder, 'pre-commit.json'), JSON.stringify({ repos }));
      const script = isInstalled
        ? 'pre-commit run --all-files --config pre-commit.json'
        : `${hook?.entry} ${since.join(' ')} ${CONFIG}`;
      const ended = step(script, { PRE_COMMIT_HOME: path.join(hooks, 'cache') });
      expect([ended.status, ended.stdout]).toEqual([1, expect.stringContaining('That is the base with alpha × 4.')]);
    });
  });

  it('has the recorder of runs', () => {
    const environment = run('npx', '--no-install', 'lora-alpha', 'record', '--print-env');
    const [, recorder = ''] = /^export PYTHONPATH='([^':;]+)/.exec(environment) ?? [];
    expect(existsSync(path.join(recorder, 'sitecustomize.py'))).toBe(true);
    expect(environment).toContain('"steps":20');
  });
});
