import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import * as vscode from 'vscode';
import { TOOLS, type ToolName } from '../../src/extension/ids';
import { AXOLOTL } from '../support/axolotl';
import { closeAll, extension, fileOf, itInNewest, openNew, testApi, until } from './support/editor';

const ADAPTER = JSON.stringify({ peft_type: 'LORA', r: 16, lora_alpha: 16, target_modules: ['q_proj'] });

const TWO = `pretrained_model_name_or_path = "base.safetensors"
network_module = "networks.lora"
network_dim = 8
network_alpha = 4
network_args = ["conv_dim=4", "conv_alpha=1"]
optimizer_type = "AdamW"
learning_rate = 1e-4
`;

interface Document {
  k: number;
  verdict: string;
  written: boolean;
  recipes: { name: string; signature: string | null }[];
  notUnderstood: { source: string }[];
  rule: string;
  alternatives: { rule: string; transfer: { lrFactor: number } | null }[];
  measured: { on: string } | null;
  plans: { exactness: string; claim: string; changes: { key: string; to: number | null }[]; code: string | null }[];
}

describe('the tools of language models', () => {
  before(testApi);
  after(closeAll);

  const invoke = async (name: ToolName, input: object): Promise<Document> => {
    const { token } = new vscode.CancellationTokenSource();
    const { content } = await vscode.lm.invokeTool(TOOLS[name], { input, toolInvocationToken: undefined }, token);
    const text = content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
    return JSON.parse(text) as Document;
  };
  const plan = (input: object): Promise<Document> => invoke('plan', input);

  it('plans another alpha, by a path with its folder, without it, and by an absolute one, and writes nothing', async () => {
    const { document } = await openNew('tool.yml', AXOLOTL);
    const inFolder = vscode.workspace.asRelativePath(document.uri, false);
    for (const given of [inFolder, vscode.workspace.asRelativePath(document.uri), document.uri.path]) {
      const { k, notUnderstood, plans } = await plan({ path: given, alpha: 64 });
      const [best] = plans;
      assert.deepEqual([k, best?.exactness, best?.claim, notUnderstood], [4, 'exact', 'exact', []]);
      assert.equal(best?.changes.find(({ key }) => key === 'learning_rate')?.to, 0.0001);
      assert.match(best?.code ?? '', /lora_A/);
    }
    assert.equal(document.getText(), AXOLOTL);
    assert.equal(document.isDirty, false);
  });

  /** Asks each tool and the terminal the same. Fixtures of the terminal lie in the folder of the workspace. */
  const agree = async (cases: readonly [ToolName, object, string[]][]): Promise<void> => {
    const [root] = vscode.workspace.workspaceFolders ?? [];
    const cli = path.join(extension().extensionPath, 'dist/cli.js');
    for (const [name, input, command] of cases) {
      const asked = [cli, ...command, '--json'];
      // An exit status above 0 says what the answer is.
      const ended = promisify(execFile)(process.execPath, asked, { cwd: root?.uri.fsPath ?? '' });
      const { stdout } = await ended.catch((error: unknown) => error as { stdout: string });
      const printed = JSON.parse(stdout) as object | [object];
      const document = Array.isArray(printed) ? (printed[0] as object) : printed;
      const [one, other] = [await invoke(name, input), document].map((each) => ({ ...each, ms: 0 }));
      assert.deepEqual(one, other, command.join(' '));
    }
  };
  const copied = async (...names: string[]): Promise<string[]> => {
    const fixtures = vscode.Uri.joinPath(vscode.Uri.file(extension().extensionPath), 'test/fixtures/cli');
    for (const name of names)
      await vscode.workspace.fs.copy(vscode.Uri.joinPath(fixtures, name), fileOf(name), { overwrite: true });
    return names.map((name) => vscode.workspace.asRelativePath(fileOf(name), false));
  };
  const [A, B] = ['compare/axolotl-alpha16.yml', 'compare/axolotl-alpha64-alone.yml'] as const;
  const SDXL = 'kohya-sdxl.toml';

  itInNewest('answer what the terminal prints with --json', async () => {
    const [script = '', run = ''] = await copied('train.py', 'run.json');
    await agree([
      ['read', { path: SDXL }, ['read', SDXL]],
      ['read', { path: A }, ['read', A]],
      ['plan', { path: A, alpha: 64 }, ['plan', A, '--alpha', '64']],
      ['plan', { path: B, rslora: 'on' }, ['plan', B, '--rslora', 'on']],
      ['plan', { path: SDXL, scaling: 0.5, recipe: '1' }, ['plan', SDXL, '--scaling', '0.5']],
      ['read', { path: script, run }, ['read', script, '--run', run]],
      ['plan', { path: script, alpha: 64, run }, ['plan', script, '--alpha', '64', '--run', run]],
      ['compare', { first: A, second: B }, ['compare', A, B]],
      ['compare', { first: A, second: SDXL }, ['compare', A, SDXL]],
      ['check', { path: A, alpha: 64 }, ['check', A, '--alpha', '64']],
    ]);
    assert.equal((await invoke('check', { path: A, alpha: 64 })).verdict, 'identical');
  });

  itInNewest(
    'read recordings in the place of configs, open adapters and plan ranks, as the terminal does',
    async () => {
      const [script = '', run = ''] = await copied('train.py', 'run.json', 'adapters');
      const [folder = '', weights = ''] = ['adapters/rslora', 'adapters/kohya.safetensors'].map((name) =>
        vscode.workspace.asRelativePath(fileOf(name), false),
      );
      await agree([
        ['read', { path: run }, ['read', run]],
        ['plan', { path: run, alpha: 64 }, ['plan', run, '--alpha', '64']],
        ['compare', { first: script, second: run }, ['compare', script, run]],
        ['rank', { path: run, rank: 32 }, ['rank', run, '--rank', '32', '--no-measure']],
        ['rank', { path: A, rank: 64 }, ['rank', A, '--rank', '64', '--no-measure']],
        ['adapter', { path: folder }, ['adapter', folder]],
        ['adapter', { path: weights, engine: 'vllm' }, ['adapter', weights, '--engine', 'vllm']],
      ]);
    },
  );

  itInNewest('measure the rules of another rank where they are asked to', async () => {
    const { uri } = (await openNew('rank.yml', AXOLOTL.replace('lora_r: 16', 'lora_r: 2'))).document;
    const { rule, alternatives } = await invoke('rank', { path: uri.path, rank: 4 });
    const measured = await invoke('rank', { path: uri.path, rank: 4, measure: true });
    assert.deepEqual([measured.rule, measured.measured?.on], [rule, 'test model']);
    assert.deepEqual(
      measured.alternatives.map(({ rule, transfer }) => [rule, typeof transfer?.lrFactor]),
      alternatives.map(({ rule }) => [rule, 'number']),
    );
  });

  itInNewest('call no plan exact where a line was not understood, and name the line', async () => {
    const { uri } = (await openNew('tool.yml', `${AXOLOTL}\nplugins: [mine.Plugin]\n`)).document;
    const { plans, notUnderstood } = await plan({ path: uri.path, alpha: 64 });
    assert.match(notUnderstood.map(({ source }) => source).join(), /mine\.Plugin/);
    assert.ok(plans.length > 1 && plans.every(({ exactness, claim }) => exactness !== 'exact' && claim !== 'exact'));
    const checked = await invoke('check', { path: uri.path, alpha: 64 });
    assert.deepEqual([checked.verdict, checked.notUnderstood], ['undecided', notUnderstood]);
    const read = await invoke('read', { path: uri.path });
    assert.deepEqual([read.recipes.map(({ signature }) => signature), read.notUnderstood], [[null], notUnderstood]);
  });

  itInNewest('do not call a plan exact for an adapter that is trained already', async () => {
    const { uri } = (await openNew('trained/adapter_config.json', ADAPTER)).document;
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(uri, '../adapter_model.safetensors'), new Uint8Array(8));
    const { plans } = await plan({ path: uri.path, alpha: 64 });
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(uri, '..'), { recursive: true });
    assert.deepEqual([...new Set(plans.map(({ exactness }) => exactness))], ['approximate']);
  });

  itInNewest('show a diff, and write only what the user applies', async () => {
    const { document } = await openNew('shown.yml', AXOLOTL);
    const isShown = (): boolean =>
      vscode.window.tabGroups.all.some(({ activeTab }) => activeTab?.input instanceof vscode.TabInputTextDiff);
    for (const [answer, written] of [
      ['loraAlpha.discardPreview', false],
      ['loraAlpha.applyPreview', true],
    ] as const) {
      const asked = invoke('diff', { path: document.uri.path, alpha: 64 });
      await until(isShown, 'the diff');
      assert.equal(document.getText(), AXOLOTL);
      await vscode.commands.executeCommand(answer);
      assert.equal((await asked).written, written);
      assert.equal(document.getText().includes('lora_alpha: 64'), written);
    }
    await assert.rejects(invoke('diff', { path: document.uri.path, alpha: 64 }), /nothing to change/);
  });

  itInNewest('say what is wrong with a config that cannot be read', async () => {
    const { document } = await openNew('broken.yml', AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: many'));
    for (const name of ['plan', 'check', 'diff'] as const)
      await assert.rejects(invoke(name, { path: document.uri.path, alpha: 64 }), /broken\.yml: .*many/);
  });

  itInNewest('say what to do instead', async () => {
    const { document } = await openNew('tool.yml', AXOLOTL);
    const file = vscode.workspace.asRelativePath(document.uri);
    const wrong: [ToolName, object, RegExp][] = [
      ['plan', { path: file }, /There is no target\. .*"alpha", a number above 0/],
      ['plan', { path: file, alpha: '64' }, /^.*alpha: .*Call this tool with "path"/],
      ['plan', { path: file, alpha: 64, scaling: 4 }, /Give alpha or scaling/],
      ['plan', { path: file, alpha: 1e-9 }, /from 1e-6 to 1e6/],
      ['plan', { path: '/etc/hostname', alpha: 64 }, /not in an open folder/],
      ['read', { path: '../outside.yml' }, /not in an open folder/],
      ['check', { path: `${document.uri.path}/../../../outside.yml`, alpha: 64 }, /not in an open folder/],
      ['diff', { path: 'nowhere.yml', alpha: 64 }, /cannot be opened/],
      ['plan', { path: file, alpha: 64, run: 'nowhere.json' }, /cannot be opened/],
      ['plan', { path: file, alpha: 64, run: file }, /tool\.yml: The recording/],
      ['check', { path: file, alpha: 64, plan: 'exact' }, /plan: .*Call this tool with "path"/],
      ['compare', { first: file }, /second: .*"first" and "second"/],
      ['compare', { first: 'README.md', second: file }, /holds no LoRA config/],
      ['adapter', { path: file }, /tool\.yml: There are no weights/],
      ['adapter', { path: 'nowhere' }, /nowhere cannot be opened/],
      ['adapter', { path: '/etc/hostname' }, /not in an open folder/],
      ['adapter', { path: file, engine: 'vlllm' }, /"engine" holds "vlllm"; .*Did you mean vllm\?/],
      ['rank', { path: file, rank: 0 }, /rank: .*"rank", a whole number above 0/],
      ['rank', { path: file, rank: '8' }, /rank: .*"rank", a whole number above 0/],
      ['rank', { path: file, rank: 16 }, /The rank is 16 already/],
      ['rank', { path: 'README.md', rank: 16 }, /holds no LoRA config/],
      ['read', {}, /path: .*Call this tool with "path"/],
    ];
    for (const [name, input, words] of wrong) await assert.rejects(invoke(name, input), words, JSON.stringify(input));
  });

  itInNewest('take one of several recipes by its name or number', async () => {
    const { uri } = (await openNew('two-networks.toml', TWO)).document;
    const { recipes } = await invoke('read', { path: uri.path });
    const [, second] = recipes;
    assert.equal(recipes.length, 2);
    const input = { path: uri.path, alpha: 2 };
    const byName = await plan({ ...input, recipe: second?.name });
    assert.deepEqual([byName.k, await plan({ ...input, recipe: '2' })], [2, byName]);
    await assert.rejects(plan({ ...input, recipe: '3' }), /"recipe" is "3"; it must be .* \(1\).* \(2\)/);
  });

  itInNewest('are told to the editor as a server of MCP, which answers the same', async () => {
    const [server] = (await testApi()).mcpServers();
    assert.ok(server);
    const client = new Client({ name: 'test', version: '1' });
    const { command, args } = server;
    const env = { ...process.env, ...server.env } as Record<string, string>;
    await client.connect(new StdioClientTransport({ command, args, env, stderr: 'ignore' }));
    try {
      const { content } = await client.callTool({ name: 'plan', arguments: { path: 'kohya-sdxl.toml', alpha: 64 } });
      const [first] = content;
      assert.ok(first?.type === 'text');
      assert.deepEqual(JSON.parse(first.text), await plan({ path: 'kohya-sdxl.toml', alpha: 64 }));
    } finally {
      await client.close();
    }
  });
});
