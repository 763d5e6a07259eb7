import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CLI, run, workspace } from './support/cli';

type Mode = 'legacy' | 'auto';

/** The SDK's own client with these roots, and what a tool answers it. */
async function clientWith(
  roots: readonly string[],
  { mode = 'legacy' as Mode, folders = [] as readonly string[] } = {},
): Promise<{ client: Client; call: (name: string, args: object) => Promise<{ isError: boolean; text: string }> }> {
  const client = new Client(
    { name: 'test', version: '1' },
    { capabilities: { roots: {} }, versionNegotiation: { mode } },
  );
  client.setRequestHandler('roots/list', () => ({
    roots: roots.map((root) => ({ uri: String(pathToFileURL(root)) })),
  }));
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [CLI, 'mcp', ...folders],
    stderr: 'pipe',
  });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return {
    client,
    call: async (name, args) => {
      const { content, isError = false } = await client.callTool({ name, arguments: { ...args } });
      const [first] = content as { text: string }[];
      return { isError, text: first?.text ?? '' };
    },
  };
}

describe('lora-alpha mcp', () => {
  /** Each tool's answer beside the terminal's document. */
  const agree = async (folder: string, mode: Mode, cases: readonly [string, object, string[]][]): Promise<void> => {
    const { call } = await clientWith([folder], { mode });
    for (const [name, args, command] of cases) {
      const { stdout } = await run([name, ...command, '--json'], { cwd: folder });
      const { isError, text } = await call(name, args);
      // `read` takes several files.
      const document: unknown = name === 'read' ? [JSON.parse(text)] : JSON.parse(text);
      expect([isError, document]).toEqual([false, JSON.parse(stdout)]);
    }
  };

  it.each<Mode>(['legacy', 'auto'])('answers what the terminal prints with --json, to a %s client', async (mode) => {
    const folder = await workspace();
    await agree(folder, mode, [
      ['plan', { path: 'axolotl.yml', alpha: 64 }, ['axolotl.yml', '--alpha', '64']],
      ['plan', { path: join(folder, 'axolotl.yml'), rslora: 'on' }, ['axolotl.yml', '--rslora', 'on']],
      [
        'compare',
        { first: 'axolotl.yml', second: 'two-networks.toml', otherRecipe: '2' },
        ['axolotl.yml', 'two-networks.toml', '--other-network', '2'],
      ],
      ['read', { path: 'two-networks.toml' }, ['two-networks.toml']],
    ]);
  });

  it('reads recordings, and what lies beside a config, as the terminal does', async () => {
    const folder = await workspace();
    const adapter = '{"peft_type": "LORA", "r": 8, "lora_alpha": 8, "target_modules": ["q_proj"]}';
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'sub/adapter_config.json'), adapter);
    const config = readFileSync(join(folder, 'axolotl.yml'), 'utf8');
    writeFileSync(join(folder, 'goes-on.yml'), `${config}lora_model_dir: sub\n`);
    // A config that names code beside it.
    await run(['rewrite', 'axolotl.yml', '--alpha', '64', '--write'], { cwd: folder });
    await agree(folder, 'auto', [
      ['plan', { path: 'run.json', alpha: 64 }, ['run.json', '--alpha', '64']],
      ['plan', { path: 'train.py', alpha: 64, run: 'run.json' }, ['train.py', '--alpha', '64', '--run', 'run.json']],
      ['read', { path: 'train.py', run: 'run.json' }, ['train.py', '--run', 'run.json']],
      ['plan', { path: 'axolotl.yml', alpha: 32 }, ['axolotl.yml', '--alpha', '32']],
      ['read', { path: 'goes-on.yml' }, ['goes-on.yml']],
      ['compare', { first: 'train.py', second: 'run.json' }, ['train.py', 'run.json']],
    ]);
    const { call } = await clientWith([folder]);
    expect((await call('read', { path: 'goes-on.yml' })).text).toContain('adapter-differs');
    expect((await call('read', { path: 'axolotl.yml' })).text).toContain('"notUnderstood": []');
    // Code that a link brings from elsewhere is not opened.
    const elsewhere = `${folder}-elsewhere.py`;
    renameSync(join(folder, 'rescale_init.py'), elsewhere);
    onTestFinished(() => rmSync(elsewhere));
    symlinkSync(elsewhere, join(folder, 'rescale_init.py'));
    expect((await call('read', { path: 'axolotl.yml' })).text).toContain('cannot read the code that goes with this');
  });

  it('answers as docs/assistants.md shows it', async () => {
    const page = readFileSync('docs/assistants.md', 'utf8');
    const blocks = [...page.matchAll(/^```\n> (\w+) (.+)\n([^]*?)```$/gm)];
    const { call } = await clientWith([resolve('examples')]);
    expect(blocks).toHaveLength(3);
    for (const [, name = '', args = '', shown = ''] of blocks) {
      const { text } = await call(name, JSON.parse(args) as object);
      expect(shown.trim()).toBe(text.replaceAll(resolve('examples'), 'examples').trim());
    }
  });

  it('answers each of its tools as mcp.calls.txt has it', async () => {
    const folder = await workspace();
    const { client, call } = await clientWith([folder]);
    const calls: [string, object][] = [
      ['read', { path: 'axolotl.yml' }],
      ['plan', { path: 'axolotl.yml', alpha: 64 }],
      ['compare', { first: 'axolotl.yml', second: 'two-networks.toml' }],
      ['check', { path: 'axolotl.yml', alpha: 64 }],
      ['adapter', { path: 'adapters/rslora', engine: 'vllm,llama.cpp' }],
      ['rank', { path: 'axolotl.yml', rank: 64 }],
    ];
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual(calls.map(([name]) => name).sort());
    const said: string[] = [];
    for (const [name, args] of calls) {
      const { text } = await call(name, args);
      // Of the machine: last digits and the time.
      const shown = text
        .replaceAll(/"loss": \[[^\]]+\]/g, '"loss": […]')
        .replaceAll(/("maxDeviation"|"ms"): (?!0,?\n)[\d.e-]+/g, '$1: …');
      said.push(`> ${name} ${JSON.stringify(args)}\n${shown.replaceAll(folder, '.').trim()}\n`);
    }
    await expect(said.join('\n')).toMatchFileSnapshot('mcp.calls.txt');
  });

  it('opens adapters and plans ranks as the terminal does', async () => {
    const folder = await workspace();
    await agree(folder, 'auto', [
      ['adapter', { path: 'adapters/rslora' }, ['adapters/rslora']],
      ['adapter', { path: 'adapters/kohya.safetensors' }, ['adapters/kohya.safetensors']],
      [
        'adapter',
        { path: 'adapters/rslora', engine: 'vllm,llama.cpp@b4524' },
        ['adapters/rslora', '--engine', 'vllm,llama.cpp@b4524'],
      ],
      ['rank', { path: 'axolotl.yml', rank: 32 }, ['axolotl.yml', '--rank', '32', '--no-measure']],
      ['rank', { path: 'run.json', rank: 32 }, ['run.json', '--rank', '32', '--no-measure']],
      [
        'rank',
        { path: 'two-networks.toml', rank: 16, recipe: '2' },
        ['two-networks.toml', '--rank', '16', '--network', '2', '--no-measure'],
      ],
    ]);
    const { call } = await clientWith([folder]);
    const said = async (name: string, args: object): Promise<string> => (await call(name, args)).text;
    const faulty = JSON.parse(await said('adapter', { path: 'adapters/no-alpha.safetensors' })) as object;
    expect(faulty).toMatchObject({
      notUnderstood: [{ line: null, why: expect.stringContaining('Nothing says alpha') }],
    });
    // LoRA on one layer, so that a measurement is short.
    const config = readFileSync(join(folder, 'axolotl.yml'), 'utf8');
    writeFileSync(join(folder, 'one-layer.yml'), config.replace('target_linear: true', 'target_modules: [q_proj]'));
    const { measured, caveats } = v.parse(
      v.object({ measured: v.nullable(v.looseObject({ on: v.literal('test model') })), caveats: v.array(v.string()) }),
      JSON.parse(await said('rank', { path: 'one-layer.yml', rank: 8, measure: true })),
    );
    // A client waits for a minute: on a machine that is too busy the rules come alone.
    expect(caveats.some((caveat) => /^Measuring took more than 45 s/.test(caveat))).toBe(measured === null);
    const wrong: [string, object, RegExp][] = [
      ['adapter', { path: 'axolotl.yml' }, /axolotl\.yml: There are no weights of an adapter/],
      ['adapter', { path: 'adapters/cut.safetensors' }, /cut\.safetensors/],
      ['adapter', { path: 'adapters' }, /There are several weights/],
      ['adapter', { path: 'nowhere' }, /nowhere: is no file or folder below the folders of this server/],
      [
        'adapter',
        { path: 'adapters/rslora', engine: 'vlllm' },
        /engine holds "vlllm"; it must be .* Did you mean vllm\?/,
      ],
      ['rank', { path: 'axolotl.yml', rank: 0 }, /rank/],
      ['rank', { path: 'axolotl.yml', rank: '32' }, /rank/],
      ['rank', { path: 'axolotl.yml', rank: 16.5 }, /rank/],
      ['rank', { path: 'axolotl.yml', rank: 1e9 }, /The rank must be a whole number from 1 to/],
      ['rank', { path: 'foreign.yml', rank: 8 }, /holds no LoRA config/],
    ];
    for (const [name, args, words] of wrong) {
      const { isError, text } = await call(name, args);
      expect([isError, text], JSON.stringify(args)).toEqual([true, expect.stringMatching(words)]);
    }
  });

  it('opens no adapter, and no file of one, that a link brings from elsewhere', async () => {
    const [folder, other] = [await workspace(), await workspace()];
    symlinkSync(join(other, 'adapters/rslora'), join(folder, 'away'));
    mkdirSync(join(folder, 'mixed'));
    for (const name of ['adapter_config.json', 'adapter_model.safetensors'])
      symlinkSync(join(other, 'adapters/rslora', name), join(folder, 'mixed', name));
    // Weights in a cache have names without an ending.
    renameSync(join(folder, 'adapters/rslora/adapter_model.safetensors'), join(folder, 'blob'));
    symlinkSync('../../blob', join(folder, 'adapters/rslora/adapter_model.safetensors'));
    const { call } = await clientWith([folder]);
    for (const path of ['away', 'mixed']) {
      const { isError, text } = await call('adapter', { path });
      expect([isError, text]).toEqual([true, expect.stringMatching(/is no file .*below the folders of this server/)]);
    }
    expect((await call('adapter', { path: 'adapters/rslora' })).isError).toBe(false);
    const own = await clientWith([join(folder, 'adapters/rslora')]);
    expect((await own.call('adapter', { path: '.' })).text).toMatch(/is no file below/);
    const whole = await clientWith([other]);
    expect((await whole.call('adapter', { path: 'adapters/rslora' })).isError).toBe(false);
  });

  it('trains a check', async () => {
    const { call } = await clientWith([await workspace()]);
    const { text } = await call('check', { path: 'axolotl.yml', alpha: 64 });
    expect(JSON.parse(text)).toMatchObject({ verdict: 'identical', notUnderstood: [] });
  });

  it('offers six tools that only read, and repeats what limits a claim in each', async () => {
    const { client } = await clientWith([]);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['read', 'plan', 'compare', 'check', 'adapter', 'rank']);
    for (const { description, annotations, inputSchema } of tools) {
      expect(description).toContain('notUnderstood');
      expect(annotations?.readOnlyHint).toBe(true);
      expect(inputSchema.type).toBe('object');
    }
  });

  it('opens what lies below the folders of the client, and nothing else', async () => {
    const [folder, other] = [await workspace(), mkdtempSync(join(tmpdir(), 'lora-alpha-outside-'))];
    onTestFinished(() => rmSync(other, { recursive: true }));
    writeFileSync(join(other, 'secret.yml'), 'adapter: lora\nlora_r: 8\nlora_alpha: 16\n');
    symlinkSync(join(other, 'secret.yml'), join(folder, 'link.yml'));
    symlinkSync(other, join(folder, 'folder'));
    symlinkSync(join(folder, 'axolotl.yml'), join(folder, 'inside.yml'));
    execFileSync('mkfifo', [join(folder, 'pipe.yml')]);
    const { call } = await clientWith([folder]);
    const outside = [
      'pipe.yml',
      'link.yml',
      'folder/secret.yml',
      join(other, 'secret.yml'),
      `../${other.split('/').at(-1)}/secret.yml`,
    ];
    for (const path of [...outside, '..', '.', 'missing.yml', '/etc/hostname', '/dev/stdin']) {
      const { isError, text } = await call('read', { path });
      expect([path, isError, text]).toEqual([
        ...[path, true, `${path}: is no file below the folders of this server; the folders are ${folder}`],
      ]);
    }
    expect(await call('read', { path: 'inside.yml' })).toMatchObject({ isError: false });
    expect((await call('plan', { path: 'axolotl.yml' })).text).toMatch(/no target is given/);
    expect((await call('plan', { path: 'foreign.yml', alpha: 64 })).text).toMatch(/holds no LoRA config/);
    expect((await call('plan', { path: 'axolotl.yml', alpha: 'many' })).isError).toBe(true);
  });

  it('takes folders from its command line in place of the client’s, and none where there is neither', async () => {
    const folder = await workspace();
    const named = await clientWith([], { folders: [folder] });
    expect((await named.call('read', { path: 'axolotl.yml' })).isError).toBe(false);
    const none = await clientWith([]);
    expect((await none.call('read', { path: join(folder, 'axolotl.yml') })).text).toMatch(
      /the client names no folder$/,
    );
  });
});
