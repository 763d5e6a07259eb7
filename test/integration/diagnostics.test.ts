import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AXOLOTL } from '../support/axolotl';
import { FOREIGN, PEFT_RSLORA } from './support/configs';
import { closeAll, itInNewest, open, openNew, replace, testApi, until, writeNew } from './support/editor';
import { expectProblems, own, problemsOf } from './support/language';

const WITH_RATIO = AXOLOTL.replace('weight_decay', 'loraplus_lr_ratio: 16\nweight_decay');
const DROPPED = '12 Warning loraplus-drops-decay';

describe('diagnostics', () => {
  before(testApi);
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await closeAll();
  });

  it('are the findings of a config, each on its value, with a link to its explanation', async () => {
    const { document } = await openNew('problems.yml', WITH_RATIO);
    await expectProblems(document.uri, [DROPPED]);
    const [problem] = own(document.uri);
    assert.ok(problem && typeof problem.code === 'object');
    assert.equal(document.getText(problem.range), '0.01');
    const explained = await vscode.workspace.openTextDocument(problem.code.target);
    assert.equal(explained.languageId, 'markdown');
    assert.match(explained.getText(), /^# .*LoRA\+/);
  });

  itInNewest('compare a run with the weights that it goes on from', async () => {
    const config =
      'network_module = "networks.lora"\nnetwork_dim = 8\nnetwork_alpha = 64\nnetwork_weights = "old.safetensors"\n';
    const metadata = { ss_network_module: 'networks.lora', ss_network_dim: '8', ss_network_alpha: '16.0' };
    const header = JSON.stringify({ __metadata__: metadata });
    await writeNew('old.safetensors', `${String.fromCharCode(header.length)}${'\0'.repeat(7)}${header}`);
    const { document } = await openNew('onward.toml', config);
    await expectProblems(document.uri, ['4 Warning run-resumes', '4 Warning adapter-differs']);
    await replace(document, 'network_alpha = 64', 'network_alpha = 16');
    await expectProblems(document.uri, ['4 Warning run-resumes']);
  });

  itInNewest('come and go while somebody types', async () => {
    const { document } = await openNew('typed.yml', AXOLOTL);
    await replace(document, 'weight_decay', 'loraplus_lr_ratio: 16\nweight_decay');
    await expectProblems(document.uri, [DROPPED]);
    await replace(document, 'weight_decay: 0.01', 'weight_decay: 0');
    await expectProblems(document.uri, []);
  });

  itInNewest('of a text that is many times edited in a row are those of the last', async () => {
    const { document } = await openNew('race.yml', AXOLOTL);
    for (let i = 0; i < 10; i++) {
      await replace(document, 'weight_decay', 'loraplus_lr_ratio: 16\nweight_decay');
      await replace(document, 'loraplus_lr_ratio: 16\n', '');
    }
    await replace(document, 'lora_alpha: 16', 'lora_alpha: sixteen');
    await expectProblems(document.uri, ['6 Error value-invalid']);
  });

  it('go with the last tab of the file, and come back with the next', async () => {
    const { document } = await openNew('closed.yml', WITH_RATIO);
    await expectProblems(document.uri, [DROPPED]);
    await closeAll();
    await expectProblems(document.uri, []);
    // VS Code keeps the document a while; a new tab on it shows its problems again.
    await open(document.uri);
    await expectProblems(document.uri, [DROPPED]);
  });

  itInNewest('name a syntax error in YAML, and leave JSON to the editor', async () => {
    const { document } = await openNew('broken.yml', AXOLOTL.replace('16  #', '[16  #'));
    await until(() => problemsOf(document.uri).some((problem) => / Error syntax$/.test(problem)), 'the error');
    const json = await openNew('adapter_config.json', PEFT_RSLORA.replace('16,', ','));
    await expectProblems(json.document.uri, []);
  });

  it('are none where there is nothing to say, in other files, and in old versions of a file', async () => {
    const old = vscode.Uri.from({ scheme: 'git', path: '/old.yml' });
    const provider = vscode.workspace.registerTextDocumentContentProvider('git', {
      provideTextDocumentContent: () => WITH_RATIO,
    });
    const silent = [(await open(old)).document.uri, (await openNew('fine.yml', AXOLOTL)).document.uri];
    for (const name of ['compose.yml', 'theme.json'])
      silent.push((await openNew(name, FOREIGN[name] ?? '')).document.uri);
    // One that has something to say, opened later, shows that the first had their turn.
    await expectProblems((await openNew('last.yml', WITH_RATIO)).document.uri, [DROPPED]);
    assert.deepEqual(silent.flatMap(problemsOf), []);
    provider.dispose();
  });
});
