import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { PLAN_TOOL } from '../../src/extension/ids';
import { AXOLOTL } from '../support/axolotl';
import { closeAll, openNew, testApi } from './support/editor';

describe('the tool of language models', () => {
  before(testApi);
  after(closeAll);

  const invoke = async (input: object): Promise<string> => {
    const { token } = new vscode.CancellationTokenSource();
    const { content } = await vscode.lm.invokeTool(PLAN_TOOL, { input, toolInvocationToken: undefined }, token);
    return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
  };

  it('plans another alpha, by a path from the folder and by an absolute one, and writes nothing', async () => {
    const { document } = await openNew('tool.yml', AXOLOTL);
    for (const path of [vscode.workspace.asRelativePath(document.uri), document.uri.path]) {
      const { scalingFactor, plans } = JSON.parse(await invoke({ path, alpha: 64 })) as {
        scalingFactor: number;
        plans: { claim: string }[];
      };
      assert.deepEqual([scalingFactor, plans[0]?.claim], [4, 'exact']);
    }
    assert.equal(document.getText(), AXOLOTL);
    assert.equal(document.isDirty, false);
  });

  it('says what to do instead', async () => {
    const { document } = await openNew('tool.yml', AXOLOTL);
    const path = vscode.workspace.asRelativePath(document.uri);
    const wrong: [object, RegExp][] = [
      [{ path }, /"alpha", a number above 0/],
      [{ path: '/etc/hostname', alpha: 64 }, /not in an open folder/],
      [{ path: '../outside.yml', alpha: 64 }, /not in an open folder/],
      [{ path: 'nowhere.yml', alpha: 64 }, /cannot be opened/],
      [{ path, alpha: 64, recipe: 3 }, /holds 1 recipes: "recipe" counts from 0 to 0/],
    ];
    for (const [input, words] of wrong) await assert.rejects(invoke(input), words);
  });
});
