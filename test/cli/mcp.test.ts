import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
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
  it.each<Mode>(['legacy', 'auto'])('answers what the terminal prints with --json, to a %s client', async (mode) => {
    const folder = await workspace();
    const { call } = await clientWith([folder], { mode });
    const file = { path: 'axolotl.yml' };
    const cases: [name: string, args: object, command: string[]][] = [
      ['plan', { ...file, alpha: 64 }, ['plan', 'axolotl.yml', '--alpha', '64']],
      ['plan', { path: join(folder, 'axolotl.yml'), rslora: 'on' }, ['plan', 'axolotl.yml', '--rslora', 'on']],
      [
        'compare',
        { first: 'axolotl.yml', second: 'two-networks.toml', otherRecipe: '2' },
        ['compare', 'axolotl.yml', 'two-networks.toml', '--other-network', '2'],
      ],
    ];
    for (const [name, args, command] of cases) {
      const { stdout } = await run([...command, '--json'], { cwd: folder });
      expect(await call(name, args)).toEqual({ isError: false, text: stdout });
    }
    const { stdout } = await run(['read', 'two-networks.toml', '--json'], { cwd: folder });
    const { text } = await call('read', { path: 'two-networks.toml' });
    expect([JSON.parse(text)]).toEqual(JSON.parse(stdout));
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

  it('trains a check', async () => {
    const { call } = await clientWith([await workspace()]);
    const { text } = await call('check', { path: 'axolotl.yml', alpha: 64 });
    expect(JSON.parse(text)).toMatchObject({ verdict: 'identical', notUnderstood: [] });
  });

  it('offers four tools that only read, and repeats what limits a claim in each', async () => {
    const { client } = await clientWith([]);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['read', 'plan', 'compare', 'check']);
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
