import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AXOLOTL } from '../support/axolotl';
import { FOREIGN } from './support/configs';
import { closeAll, openNew, replace, testApi } from './support/editor';
import { hoverAt } from './support/language';

describe('hover', () => {
  before(testApi);
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await closeAll();
  });

  it('says over alpha what the scaling is and what would move with it', async () => {
    const { document } = await openNew('hover.yml', AXOLOTL);
    const [hover, ...others] = await hoverAt(document, 'lora_alpha');
    assert.deepEqual(others, []);
    assert.match(hover?.value ?? '', /α\/r = 16\/16 = 1/);
    assert.match(hover?.value ?? '', /learning\\?_rate.*0\.0001.*÷ √k/);
  });

  it('trusts no link but those to our own commands', async () => {
    const { document } = await openNew(
      'hover.yml',
      AXOLOTL.replace('adamw_torch', '"[go](command:workbench.action.quit)"'),
    );
    const [hover] = await hoverAt(document, 'optimizer:');
    const trust = hover?.isTrusted;
    assert.ok(typeof trust === 'object');
    assert.deepEqual([...trust.enabledCommands].sort(), [
      'loraAlpha.check',
      'loraAlpha.rescale',
      'loraAlpha.showRules',
    ]);
    assert.match(hover?.value.split('\n\n').at(-1) ?? '', /command:loraAlpha\.check/, 'links come last');
    const links = [...(hover?.value ?? '').matchAll(/(?<!\\)\]\(command:([\w.]+)/g)].map((match) => match[1]);
    const ours = links.filter((command) => command?.startsWith('loraAlpha.'));
    assert.equal(ours.length, 3);
    assert.equal(hover?.supportHtml ?? false, false);
  });

  it('follows what is typed', async () => {
    const { document } = await openNew('hover.yml', AXOLOTL);
    await replace(document, 'lora_alpha: 16', 'lora_alpha: 64');
    assert.match((await hoverAt(document, 'lora_alpha'))[0]?.value ?? '', /64\/16 = 4/);
  });

  it('is none over comments and other keys, in other files, and while the file is broken', async () => {
    const { document } = await openNew('hover.yml', AXOLOTL);
    assert.deepEqual(await hoverAt(document, 'base_model'), []);
    assert.deepEqual(await hoverAt(document, 'one GPU'), []);
    await replace(document, '16  #', '[16  #');
    assert.deepEqual(await hoverAt(document, 'lora_alpha'), []);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    const foreign = await openNew('compose.yml', FOREIGN['compose.yml'] ?? '');
    assert.deepEqual(await hoverAt(foreign.document, 'nginx'), []);
  });
});
