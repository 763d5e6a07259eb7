import assert from 'node:assert/strict';
import { AXOLOTL } from '../support/axolotl';
import { FOREIGN } from './support/configs';
import { itInNewest, replace, testApi, unseen } from './support/editor';
import { hoverAt } from './support/language';

describe('hover', () => {
  before(testApi);

  it('says over alpha what the scaling is and what would move with it, and follows what is typed', async () => {
    const document = await unseen('hover.yml', AXOLOTL);
    const [hover, ...others] = await hoverAt(document, 'lora_alpha');
    assert.deepEqual(others, []);
    assert.match(hover?.value ?? '', /α\/r = 16\/16 = 1/);
    assert.match(hover?.value ?? '', /learning\\?_rate.*0\.0001.*÷ √k/);
    await replace(document, 'lora_alpha: 16', 'lora_alpha: 64');
    assert.match((await hoverAt(document, 'lora_alpha'))[0]?.value ?? '', /64\/16 = 4/);
    await document.save();
  });

  it('trusts no link but those to our own commands', async () => {
    const document = await unseen('links.yml', AXOLOTL.replace('adamw_torch', '"[go](command:workbench.action.quit)"'));
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

  itInNewest('is none over comments and other keys, in other files, and while the file is broken', async () => {
    const document = await unseen('no-hover.yml', AXOLOTL);
    assert.deepEqual(await hoverAt(document, 'base_model'), []);
    assert.deepEqual(await hoverAt(document, 'one GPU'), []);
    const broken = await unseen('broken-hover.yml', AXOLOTL.replace('16  #', '[16  #'));
    assert.deepEqual(await hoverAt(broken, 'lora_alpha'), []);
    const foreign = await unseen('compose.yml', FOREIGN['compose.yml'] ?? '');
    assert.deepEqual(await hoverAt(foreign, 'nginx'), []);
  });
});
