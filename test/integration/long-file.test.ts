import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { MOST_HERE } from '../../src/extension/bounds';
import { AXOLOTL } from '../support/axolotl';
import {
  check,
  closeAll,
  finished,
  fileOf,
  lensesOf,
  openNew,
  replace,
  rescaleTo,
  testApi,
  until,
} from './support/editor';
import { actionsAt, hoverAt, problemsOf } from './support/language';

/** Above what is read in the extension host. */
const LONG = `${AXOLOTL}${'# a comment of a long file\n'.repeat(MOST_HERE / 16)}`;
const BROKEN = `${LONG}broken: [\n`;

describe('a file that is read in a thread', () => {
  before(async () => {
    await (await testApi()).features();
  });
  after(async () => {
    await vscode.workspace.saveAll();
    await closeAll();
  });

  it('has the lenses, hovers and actions of a short one', async () => {
    const short = (await openNew('short.yml', AXOLOTL)).document;
    const long = (await openNew('long.yml', LONG)).document;
    assert.ok(long.getText().length > MOST_HERE);
    const titles = async ({ uri }: vscode.TextDocument): Promise<string[]> =>
      (await lensesOf(uri)).map(({ line, title }) => `${line} ${title}`);
    assert.ok((await titles(long)).length >= 3);
    assert.deepEqual(await titles(long), await titles(short));
    // All but the links, which hold the address of the file.
    const hover = async (document: vscode.TextDocument): Promise<string[]> =>
      (await hoverAt(document, 'lora_alpha')).map(({ value }) => value.replace(/\(command:[^)]*\)/g, ''));
    assert.ok((await hover(long)).length > 0);
    assert.deepEqual(await hover(long), await hover(short));
    const actions = async (document: vscode.TextDocument): Promise<string[]> =>
      (await actionsAt(document, 'lora_alpha')).map(({ title }) => title);
    assert.deepEqual(await actions(long), await actions(short));
  });

  it('has its problems, which follow what is typed', async () => {
    const { document } = await openNew('long-broken.yml', BROKEN);
    await until(() => problemsOf(document.uri).some((problem) => problem.endsWith('syntax')), 'the problem');
    await replace(document, 'broken: [', '# mended');
    await until(() => problemsOf(document.uri).length === 0, 'the problem to go');
  });

  it('has a panel that trains, and follows what is typed', async () => {
    const { document } = await openNew('long-panel.yml', LONG);
    await check(fileOf('long-panel.yml'));
    const first = await finished();
    assert.match(first.run.verdict?.kind ?? '', /^(identical|equivalent)$/);
    await replace(document, 'lora_alpha: 16', 'lora_alpha: 8');
    const api = await testApi();
    await until(() => api.panelView()?.recipe?.alpha === 8, 'the panel to show the new alpha');
  });

  it('can be compared', async () => {
    const { document } = await openNew('long-other.yml', LONG.replace('lora_alpha: 16', 'lora_alpha: 64'));
    const api = await testApi();
    await vscode.commands.executeCommand('loraAlpha.compare', undefined, [fileOf('long.yml'), document.uri]);
    const view = await until(() => {
      const now = api.comparisonView();
      return now?.verdict && now.second.file.name === 'long-other.yml' ? now : null;
    }, 'the comparison');
    assert.equal(view.verdict?.kind, 'different');
    assert.ok(view.ways.length > 0);
    await closeAll();
  });

  it('can be rescaled', async () => {
    const { document } = await openNew('long-rescaled.yml', LONG.replace('lora_alpha: 16', 'lora_alpha: 64'));
    const { done } = await rescaleTo(16, document.uri);
    await vscode.commands.executeCommand('loraAlpha.applyPreview');
    await done;
    assert.match(document.getText(), /lora_alpha: 16 /);
  });
});
