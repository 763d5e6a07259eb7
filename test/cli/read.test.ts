import { describe, expect, it } from 'vitest';
import { run, runJson, workspace } from './support/cli';
import { readDocument } from './support/shapes';
import { join } from 'node:path';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';

describe('read', () => {
  it('gives one entry per file, in their order', async () => {
    const { code, document, stderr } = await runJson(readDocument, [
      'read',
      'axolotl.yml',
      'two-networks.toml',
      'adapter_config.json',
      'foreign.yml',
    ]);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(document.map(({ file, isLora, trainer, recipes }) => [file, isLora, trainer, recipes.length])).toEqual([
      ['axolotl.yml', true, 'axolotl', 1],
      ['two-networks.toml', true, 'kohya', 2],
      ['adapter_config.json', true, 'peft', 1],
      ['foreign.yml', false, null, 0],
    ]);
    const recipe = document[0]?.recipes[0];
    expect(recipe).toMatchObject({ rank: 16, alpha: 16, scaling: 1, learningRate: 2e-4, maxGradNorm: 1 });
    expect(recipe?.stated['alpha']).toEqual({ path: 'lora_alpha', line: 6, column: 13 });
    expect(Object.keys(recipe?.assumed ?? {})).toContain('maxGradNorm');
  });

  it('says where every value comes from', async () => {
    const { code, stdout } = await run(['read', 'axolotl.yml']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/alpha +16 +lora_alpha, line 6\n/);
    expect(stdout).toMatch(/max grad norm +1 +default\n/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('tells an error of the file in one line with its place, and is done', async () => {
    const { code, document, stderr } = await runJson(readDocument, ['read', 'bad-alpha.yml']);
    expect(code).toBe(0);
    expect(document[0]?.recipes).toEqual([]);
    expect(document[0]?.findings).toMatchObject([{ severity: 'error', line: 4 }]);
    expect(stderr).toMatch(/^lora-alpha: bad-alpha\.yml:4: lora_alpha is .*abc.*\n$/);
  });

  it('reads the other files where one cannot be read', async () => {
    const { code, document, stderr } = await runJson(readDocument, ['read', 'missing.yml', '.', 'axolotl.yml']);
    expect(code).toBe(64);
    expect(document.map(({ isLora }) => isLora)).toEqual([false, false, true]);
    expect(stderr.split('\n')).toEqual([
      'lora-alpha: missing.yml: cannot be read: there is no such file; it must be a config file',
      'lora-alpha: .: is a folder; it must be a config file',
      '',
    ]);
  });

  it('compares a run with the trained adapter that it goes on from', async () => {
    const folder = await workspace();
    const config = 'finetuning_type: lora\nlora_rank: 8\nlora_alpha: 64\nresume_from_checkpoint: out/first\n';
    await writeFile(join(folder, 'train.yaml'), config);
    const said = async (): Promise<string[]> => {
      const { document } = await runJson(readDocument, ['read', 'train.yaml'], { cwd: folder });
      return document.flatMap(({ findings }) => findings.map(({ code, line }) => `${line}: ${code}`));
    };
    expect(await said()).toEqual(['4: run-resumes']);
    await mkdir(join(folder, 'out', 'first'), { recursive: true });
    const adapter = { peft_type: 'LORA', r: 8, lora_alpha: 16, target_modules: ['q_proj'] };
    await writeFile(join(folder, 'out', 'first', 'adapter_config.json'), JSON.stringify(adapter));
    expect(await said()).toEqual(['4: run-resumes', '4: adapter-differs']);
  });

  it('reads rank and alpha in the header of the weights that a run goes on from', async () => {
    const folder = await workspace();
    const config =
      'network_module = "networks.lora"\nnetwork_dim = 8\nnetwork_alpha = 64\nnetwork_weights = "old.safetensors"\nlearning_rate = 1e-4\n';
    await writeFile(join(folder, 'train.toml'), config);
    const metadata = { ss_network_module: 'networks.lora', ss_network_dim: '8', ss_network_alpha: '16.0' };
    const header = Buffer.from(JSON.stringify({ __metadata__: metadata }));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const said = async (): Promise<string[]> => {
      const { document } = await runJson(readDocument, ['read', 'train.toml'], { cwd: folder });
      return document.flatMap(({ findings }) =>
        findings.flatMap(({ code, message }) => (code === 'adapter-differs' ? [message] : [])),
      );
    };
    for (const odd of [Buffer.alloc(0), length, Buffer.alloc(16, 255)]) {
      await writeFile(join(folder, 'old.safetensors'), odd);
      expect(await said()).toEqual([]);
    }
    await writeFile(join(folder, 'old.safetensors'), Buffer.concat([length, header, Buffer.alloc(64)]));
    expect(await said()).toEqual([expect.stringMatching(/scaling 2\. The scaling 8 .* Set network_alpha = 16\./)]);
  });

  it('takes a binary file for what it is: no LoRA config', async () => {
    const folder = await workspace();
    await writeFile(join(folder, 'weights.json'), Buffer.from([0x7b, 0, 1, 2]));
    const { code, document } = await runJson(readDocument, ['read', 'weights.json'], { cwd: folder });
    expect(code).toBe(0);
    expect(document).toMatchObject([{ isLora: false, findings: [{ code: 'not-text' }] }]);
  });

  it('reads a file without an extension by its content', async () => {
    const cwd = await workspace();
    await rename(join(cwd, 'axolotl.yml'), join(cwd, 'config'));
    const { document } = await runJson(readDocument, ['read', 'config'], { cwd });
    expect(document).toMatchObject([{ file: 'config', trainer: 'axolotl', recipes: [{ rank: 16 }] }]);
  });

  it.each(['axolotl.yml', 'two-networks.toml', 'adapter_config.json'])('reads %s from standard input', async (name) => {
    const stdin = await readFile(join('test/fixtures/cli', name));
    const [piped, direct] = await Promise.all([
      runJson(readDocument, ['read', '-'], { stdin }),
      runJson(readDocument, ['read', name]),
    ]);
    expect(piped.code).toBe(0);
    expect(piped.document[0]?.recipes).toEqual(direct.document[0]?.recipes);
    expect(piped.document[0]?.file).toBe('standard input');
  });
});
