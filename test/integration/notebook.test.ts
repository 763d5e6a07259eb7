import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { FOREIGN_NOTEBOOK, TWO_NETWORKS, UNSLOTH, UNSLOTH_IMPLIED } from '../support/notebook';
import { itInNewest, replace, rescaleTo, testApi } from './support/editor';
import { actionsAt, expectProblems, hoverAt } from './support/language';
import { cell, closeNotebooks, openNotebook, titles } from './support/notebooks';

const { RefactorRewrite, QuickFix } = vscode.CodeActionKind;

async function textOf(uri: vscode.Uri): Promise<string> {
  return (await vscode.workspace.openTextDocument(uri)).getText();
}

describe('an open notebook', () => {
  before(testApi);
  after(closeNotebooks);

  it('is read by the editor’s own extension', () => {
    assert.ok(vscode.extensions.getExtension('vscode.ipynb'), 'vscode.ipynb is not in this host');
  });

  it('has lenses and hovers on the alpha and the rate in its cells, made of values of other cells', async () => {
    const notebook = await openNotebook('lenses.ipynb', UNSLOTH);
    assert.deepEqual(await titles(cell(notebook, 4)), ['6 s = α/r = 16/16 = 1', '6 Check alpha equivalence']);
    assert.deepEqual(await titles(cell(notebook, 5)), ['7 At alpha 64: lr 1e-4']);
    for (const number of [2, 3]) assert.deepEqual(await titles(cell(notebook, number)), [], `cell ${number}`);
    const [alpha] = await hoverAt(cell(notebook, 4), 'lora_alpha');
    assert.match(alpha?.value ?? '', /s = α\/r = 16\/16 = 1/);
    const [rate] = await hoverAt(cell(notebook, 5), 'learning_rate');
    assert.match(rate?.value ?? '', /learning_rate = 2e-4/);
    assert.deepEqual(await hoverAt(cell(notebook, 3), 'tokenizer'), []);
  });

  itInNewest('has one lens for each network, also where several stand in one cell', async () => {
    const notebook = await openNotebook('two.ipynb', TWO_NETWORKS);
    const lenses = (await titles(cell(notebook, 1))).filter((title) => /s = /.test(title));
    assert.deepEqual(
      lenses.map((title) => title.split(' ')[0]),
      ['2', '3'],
    );
  });

  it('has its problems in the cells they are about, and fixes that write there', async () => {
    const notebook = await openNotebook('implied.ipynb', UNSLOTH_IMPLIED);
    const problem = '3 Warning alpha-implied';
    await expectProblems(cell(notebook, 4).uri, [problem]);
    for (const number of [2, 3, 5]) await expectProblems(cell(notebook, number).uri, []);
    const fix = (await actionsAt(cell(notebook, 4), 'rank', QuickFix)).find(({ edit }) => edit);
    assert.ok(fix?.edit);
    const others = (): string[] => [1, 2, 3, 5].map((number) => cell(notebook, number).getText());
    const before = others();
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.match(cell(notebook, 4).getText(), /r = rank, # any number above 0\n {4}lora_alpha = 16,\n/);
    assert.deepEqual(others(), before);
    await expectProblems(cell(notebook, 4).uri, []);
  });

  it('shows a plan cell by cell, and is not written to if it changed since', async () => {
    const notebook = await openNotebook('changed.ipynb', UNSLOTH);
    const alpha = cell(notebook, 4);
    const refactorings = await actionsAt(alpha, 'lora_alpha', RefactorRewrite);
    const rescaling = refactorings.find(({ title }) => title.startsWith('Rescale to alpha'));
    assert.deepEqual(rescaling?.command?.arguments?.[0], alpha.uri);
    const { diff, done } = await rescaleTo(64, cell(notebook, 5).uri);
    assert.match(await textOf(diff.original), /# %% cell 4\nmodel = [^]*lora_alpha = 16,/);
    assert.match(
      await textOf(diff.modified),
      /# %% cell 4\nmodel = [^]*lora_alpha = 64,[^]*# %% cell 5\n[^]*learning_rate = 1e-4,/,
    );
    assert.equal(notebook.isDirty, false);
    await replace(cell(notebook, 3), 'rank = 16', 'rank = 32');
    await vscode.commands.executeCommand('loraAlpha.applyPreview');
    await done;
    assert.match(alpha.getText(), /lora_alpha = 16/);
    assert.match(cell(notebook, 5).getText(), /learning_rate = 2e-4/);
  });

  itInNewest('without LoRA stays as it was', async () => {
    const notebook = await openNotebook('foreign.ipynb', FOREIGN_NOTEBOOK);
    assert.deepEqual(await titles(cell(notebook, 2)), []);
    assert.deepEqual(await hoverAt(cell(notebook, 2), 'alpha'), []);
    assert.deepEqual(await actionsAt(cell(notebook, 2), 'alpha'), []);
    await expectProblems(cell(notebook, 2).uri, []);
  });
});
