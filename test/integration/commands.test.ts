import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AXOLOTL } from '../support/axolotl';
import { COMMANDS } from '../../src/extension/ids';
import { answeredWithNothing, closeAll, fileOf, openNew, testApi, until } from './support/editor';

/** Commands that say what is wrong with their first argument, as all that check it in arguments.ts; `explain` checks its own. */
const ASKING = [
  COMMANDS.check,
  COMMANDS.explain,
  COMMANDS.rescale,
  COMMANDS.exportCheck,
  COMMANDS.openResults,
  COMMANDS.compare,
  COMMANDS.compareSelected,
  COMMANDS.showRuns,
];

const throwing = new Proxy(
  {},
  {
    get: () => assert.fail('looked at'),
    has: () => assert.fail('looked for'),
    getPrototypeOf: () => assert.fail('asked for its kind'),
  },
);

/** What no menu and no link of ours passes, by what it is. */
const ODD: Readonly<Record<string, readonly unknown[]>> = {
  'a number': [3],
  'an empty text': [''],
  'a path': ['/etc/passwd'],
  'a long text': ['x'.repeat(1_000_000)],
  'a symbol': [Symbol('a')],
  'a function': [() => assert.fail('called')],
  'an object without a prototype': [Object.create(null)],
  'an address as JSON': [{ $mid: 1, scheme: 'file', path: '/a.yml' }],
  'a recipe without a summary': [{ kind: 'recipe', summary: null }],
  'a recipe of no file': [{ kind: 'recipe', uri: '/a.yml', summary: { index: 0 } }],
  'a huge list': [Array(1_000_000).fill(null)],
  'an object that throws': [throwing],
  'no address, but of its kind': [Object.create(vscode.Uri.prototype)],
};

/** Addresses of what is no config. */
const NO_CONFIGS: Readonly<Record<string, () => vscode.Uri>> = {
  'a folder': () => vscode.Uri.joinPath(fileOf('x'), '..'),
  'a missing file': () => fileOf('missing.yml'),
  'a device': () => vscode.Uri.file('/dev/zero'),
  'a scheme that nobody knows': () => vscode.Uri.parse('nobody:/a.yml'),
  'a page': () => vscode.Uri.parse('https://example.invalid/a.yml'),
  'a command': () => vscode.Uri.parse('command:workbench.action.quit'),
};

describe('commands called with anything', () => {
  const said: string[] = [];
  const originals = { ...vscode.window };

  before(async () => {
    await (await testApi()).features();
    await closeAll();
    // Sentences are written down, and said as ever.
    for (const name of ['showErrorMessage', 'showWarningMessage', 'showInformationMessage'] as const) {
      const say = originals[name] as (message: string, ...more: string[]) => Thenable<string | undefined>;
      Object.assign(vscode.window, {
        [name]: (message: string, ...more: string[]) => {
          said.push(message);
          return say(message, ...more);
        },
      });
    }
    await openNew('command.yml', AXOLOTL);
  });
  after(async () => {
    const { showErrorMessage, showWarningMessage, showInformationMessage } = originals;
    Object.assign(vscode.window, { showErrorMessage, showWarningMessage, showInformationMessage });
    // The log has taken room from the editors.
    await vscode.commands.executeCommand('workbench.action.closePanel');
    await closeAll();
  });

  const tabs = (): string[] => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));

  /** Calls a command, and expects one sentence and nothing else. */
  async function expectSentence(command: string, args: readonly unknown[]): Promise<void> {
    said.length = 0;
    const before = tabs();
    await vscode.commands.executeCommand(command, ...args);
    assert.equal(said.length, 1, JSON.stringify(said));
    assert.match(said[0] ?? '', /^[^\n]{10,600}$/);
    assert.deepEqual(tabs(), before);
    assert.ok(vscode.workspace.textDocuments.every(({ isDirty }) => !isDirty));
  }

  for (const command of ASKING) {
    const isThorough = command === COMMANDS.check || command === COMMANDS.explain;
    for (const [what, args] of Object.entries(isThorough ? ODD : { 'an object that throws': [throwing] })) {
      it(`${command}: ${what}`, () => expectSentence(command, args));
    }
    for (const [what, uri] of Object.entries(command === COMMANDS.explain ? {} : NO_CONFIGS)) {
      it(`${command}: the address of ${what}`, () => expectSentence(command, [uri()]));
    }
  }

  for (const network of [-1, 0.5, NaN, Infinity, 'one', true]) {
    it(`no network: ${String(network)}`, async () => {
      await expectSentence(COMMANDS.check, [fileOf('command.yml'), network]);
      await expectSentence(COMMANDS.rescale, [fileOf('command.yml'), network, 32]);
    });
  }

  for (const alpha of [-1, 0, NaN, Infinity, 1e300, 'one', {}, throwing]) {
    it(`no alpha: ${typeof alpha === 'object' ? 'an object' : alpha}`, () =>
      expectSentence(COMMANDS.rescale, [fileOf('command.yml'), 0, alpha]));
  }

  it('a network that the file has not', () => expectSentence(COMMANDS.rescale, [fileOf('command.yml'), 1e9, 32]));

  it('those without arguments look at none', async () => {
    const others = Object.values(COMMANDS).filter((command) => !(ASKING as readonly string[]).includes(command));
    for (const command of others) {
      for (const what of ['/etc/passwd', throwing]) await answeredWithNothing(command, what);
    }
    assert.ok(vscode.workspace.textDocuments.every(({ isDirty }) => !isDirty));
    const { inventory } = (await (await testApi()).features()).core;
    await until(() => !inventory.progress().isScanning, 'the scan to end');
  });
});
