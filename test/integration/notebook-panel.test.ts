import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { UNSLOTH, UNSLOTH_VARIABLE } from '../support/notebook';
import { check, fileOf, finished, replace, rescaleTo, testApi, until, view, writeNew } from './support/editor';
import { hoverAt, placeOf } from './support/language';
import { cell, changedLines, closeNotebooks, editCells, fileText, openNotebook, titles } from './support/notebooks';

describe('the panel of a notebook', () => {
  before(testApi);
  afterEach(closeNotebooks);

  it('is one, whichever cell asks, trains, and follows what is typed and cells that come, move and go', async () => {
    const notebook = await openNotebook('panel.ipynb', UNSLOTH);
    await check(cell(notebook, 5).uri);
    const { run, changes, file } = await finished();
    assert.equal(file.name, 'panel.ipynb');
    assert.equal(run.verdict?.kind, 'identical');
    assert.deepEqual(changes.map(({ key, cell: at, line }) => [key, at, line]).slice(0, 2), [
      ['lora_alpha', 4, 6],
      ['learning_rate', 5, 7],
    ]);
    await check(cell(notebook, 4).uri);
    await check(notebook.uri);
    const panels = (): string[] =>
      vscode.window.tabGroups.all
        .flatMap((group) => group.tabs)
        .filter(({ input }) => input instanceof vscode.TabInputWebview)
        .map(({ label }) => label);
    // The host hears of a tab after the editor shows it.
    await until(() => panels().length > 0, 'the tab of the panel');
    assert.deepEqual(panels(), ['LoRA: panel.ipynb']);

    // What is typed into a cell is read in every other.
    await replace(cell(notebook, 3), 'rank = 16', 'rank = 64');
    await until(async () => (await titles(cell(notebook, 4)))[0] === '6 s = α/r = 16/64 = 0.25', 'the lens');
    const { recipe } = await view((now) => now.recipe?.rank === 64, 'the panel');
    assert.equal(recipe?.scaling, 0.25);

    const data = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, 'import torch', 'python');
    await editCells(notebook, vscode.NotebookEdit.insertCells(0, [data]));
    const isIn = (number: number) => (now: Awaited<ReturnType<typeof view>>) =>
      now.changes.some(({ key, cell: at, line }) => key === 'lora_alpha' && at === number && line === 6);
    await view(isIn(5), 'the alpha to be in cell 5');
    await editCells(notebook, vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(0, 3)));
    await view(isIn(2), 'the alpha to be in cell 2');
    // Without its alpha the notebook is a LoRA config no more.
    await editCells(notebook, vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(1, 2)));
    await view(({ file }) => file.state === 'foreign', 'the notebook to be foreign');
  });

  it('that is untitled works the same', async () => {
    const cells = ['c = LoraConfig(r=8, lora_alpha=16)', 'a = TrainingArguments("o", learning_rate=2e-4)'].map(
      (source) => new vscode.NotebookCellData(vscode.NotebookCellKind.Code, source, 'python'),
    );
    const notebook = await vscode.workspace.openNotebookDocument('jupyter-notebook', new vscode.NotebookData(cells));
    await vscode.window.showNotebookDocument(notebook);
    assert.deepEqual(await titles(cell(notebook, 1)), ['1 s = α/r = 16/8 = 2', '1 Check alpha equivalence']);
    assert.match((await hoverAt(cell(notebook, 1), 'lora_alpha'))[0]?.value ?? '', /16\/8 = 2/);
    await check(cell(notebook, 1).uri);
    const { file, changes } = await finished();
    assert.equal(file.state, 'ok');
    assert.equal(changes.find(({ key }) => key === 'lora_alpha')?.cell, 1);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.window.showNotebookDocument(notebook);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('that is closed is checked, compared and written through its cells', async () => {
    await writeNew('closed.ipynb', UNSLOTH);
    await writeNew('other.ipynb', UNSLOTH_VARIABLE);
    const uri = fileOf('closed.ipynb');
    await check(uri);
    const { changes, file } = await finished();
    assert.equal(file.state, 'ok');
    assert.equal(changes.find(({ key }) => key === 'lora_alpha')?.cell, 4);
    await vscode.commands.executeCommand('loraAlpha.compareSelected', uri, [uri, fileOf('other.ipynb')]);
    const api = await testApi();
    const { verdict, settings } = await until(() => {
      const now = api.comparisonView();
      return now?.verdict ? now : null;
    }, 'the comparison');
    assert.equal(verdict?.kind, 'same');
    assert.deepEqual([settings[0]?.first.cell, settings[0]?.first.line], [4, 6]);

    const { done } = await rescaleTo(64, uri);
    await vscode.commands.executeCommand('loraAlpha.applyPreview');
    await done;
    const notebook = vscode.workspace.notebookDocuments.find((each) => each.uri.toString() === uri.toString());
    assert.ok(await notebook?.save());
    const lines = changedLines(UNSLOTH, await fileText('closed.ipynb'));
    const changed = lines.filter((line) => !/execution_count/.test(line));
    assert.equal(changed[1], '+ "    lora_alpha = 64,  # as \\"usual\\"\\n",');
    assert.equal(changed.length, 10);
  });

  it('finds a value in a variable of another cell, and follows the notebook when it is closed and opened again', async () => {
    const notebook = await openNotebook('variable.ipynb', UNSLOTH_VARIABLE);
    assert.deepEqual((await titles(cell(notebook, 3))).at(-1), '3 At alpha 64: lr 1e-4');
    await check(cell(notebook, 4).uri);
    const { changes, canApply, locked, run } = await finished();
    assert.equal(run.verdict?.kind, 'identical');
    const rate = changes.find(({ key }) => key === 'learning_rate');
    assert.deepEqual([rate?.cell, rate?.line], [3, 3]);
    assert.deepEqual([canApply, locked], [true, null]);

    const group = vscode.window.tabGroups.all.find(({ viewColumn }) => viewColumn === vscode.ViewColumn.One);
    await vscode.window.tabGroups.close(group?.tabs ?? []);
    const again = await openNotebook('variable.ipynb', UNSLOTH_VARIABLE.replace('lora_alpha = 16,', 'lora_alpha = 8,'));
    // The editor can still have the text of before, until it hears of the file.
    await until(() => /lora_alpha = 8/.test(cell(again, 4).getText()), 'the text of the file');
    await view(({ recipe, file }) => recipe?.alpha === 8 && file.state === 'ok', 'what the notebook says now');
    await replace(cell(again, 4), 'lora_alpha = 8', 'lora_alpha = 4');
    await view(({ recipe }) => recipe?.alpha === 4, 'what is typed');
    assert.ok(placeOf(cell(again, 4), 'lora_alpha = 4'));
  });
});
