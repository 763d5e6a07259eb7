import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { PLAN_TOOL } from '../../src/extension/ids';
import { AXOLOTL } from '../support/axolotl';
import { closeAll, itInNewest, openNew, testApi } from './support/editor';

const ADAPTER = JSON.stringify({ peft_type: 'LORA', r: 16, lora_alpha: 16, target_modules: ['q_proj'] });

interface Answer {
  scalingFactor: number;
  notUnderstood: { source: string }[];
  plans: { claim: string; limit: string | null; changes: { key: string; to: string | null }[]; code: string | null }[];
}

const answerIn = (text: string): Answer => JSON.parse(text) as Answer;

describe('the tool of language models', () => {
  before(testApi);
  after(closeAll);

  const invoke = async (input: object): Promise<string> => {
    const { token } = new vscode.CancellationTokenSource();
    const { content } = await vscode.lm.invokeTool(PLAN_TOOL, { input, toolInvocationToken: undefined }, token);
    return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
  };

  it('plans another alpha, by a path with its folder, without it, and by an absolute one, and writes nothing', async () => {
    const { document } = await openNew('tool.yml', AXOLOTL);
    const inFolder = vscode.workspace.asRelativePath(document.uri, false);
    for (const path of [inFolder, vscode.workspace.asRelativePath(document.uri), document.uri.path]) {
      const { scalingFactor, notUnderstood, plans } = answerIn(await invoke({ path, alpha: 64 }));
      const [best] = plans;
      assert.deepEqual([scalingFactor, best?.claim, best?.limit, notUnderstood], [4, 'exact', null, []]);
      assert.equal(best?.changes.find(({ key }) => key === 'learning_rate')?.to, '0.0001');
      assert.match(best?.code ?? '', /lora_A/);
    }
    assert.equal(document.getText(), AXOLOTL);
    assert.equal(document.isDirty, false);
  });

  itInNewest('calls no plan exact where a line was not understood, and names the line', async () => {
    const { uri } = (await openNew('tool.yml', `${AXOLOTL}\nplugins: [mine.Plugin]\n`)).document;
    const { plans, notUnderstood } = answerIn(await invoke({ path: uri.path, alpha: 64 }));
    assert.match(notUnderstood.map(({ source }) => source).join(), /mine\.Plugin/);
    assert.ok(plans.length > 1 && plans.every(({ claim }) => claim !== 'exact'));
  });

  itInNewest('does not call a plan exact for an adapter that is trained already', async () => {
    const { uri } = (await openNew('trained/adapter_config.json', ADAPTER)).document;
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(uri, '../adapter_model.safetensors'), new Uint8Array(8));
    const { plans } = answerIn(await invoke({ path: uri.path, alpha: 64 }));
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(uri, '..'), { recursive: true });
    assert.deepEqual([...new Set(plans.map(({ claim }) => claim))], ['approximate']);
  });

  itInNewest('says what is wrong with a config that cannot be read', async () => {
    const { document } = await openNew('broken.yml', AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: many'));
    await assert.rejects(invoke({ path: document.uri.path, alpha: 64 }), /broken\.yml: .*many/);
  });

  itInNewest('says what to do instead', async () => {
    const { document } = await openNew('tool.yml', AXOLOTL);
    const path = vscode.workspace.asRelativePath(document.uri);
    const wrong: [object, RegExp][] = [
      [{ path }, /"alpha", a number above 0/],
      [{ path: '/etc/hostname', alpha: 64 }, /not in an open folder/],
      [{ path: '../outside.yml', alpha: 64 }, /not in an open folder/],
      [{ path: `${document.uri.path}/../../../outside.yml`, alpha: 64 }, /not in an open folder/],
      [{ path: 'nowhere.yml', alpha: 64 }, /cannot be opened/],
      [{ path, alpha: 64, recipe: 3 }, /holds 1 recipes: "recipe" counts from 0 to 0/],
    ];
    for (const [input, words] of wrong) await assert.rejects(invoke(input), words);
  });
});
