import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../src/extension/ids';
import { FOREIGN_NOTEBOOK, TWO_NETWORKS, UNSLOTH, UNSLOTH_IMPLIED, UNSLOTH_VARIABLE } from '../support/notebook';
import { check, fileOf, finished, isNewest, itInNewest, replace, rescaleTo } from './support/editor';
import { testApi, until, view, writeNew } from './support/editor';
import { actionsAt, expectProblems, hoverAt } from './support/language';
import { cell, changedLines, closeNotebooks, editCells, fileText, openNotebook, titles } from './support/notebooks';

async function textOf(uri: vscode.Uri): Promise<string> {
  return (await vscode.workspace.openTextDocument(uri)).getText();
}

describe('an open notebook', () => {
  before(testApi);
  after(closeNotebooks);

  it('has lenses and hovers on the alpha and the rate in its cells, made of values of other cells', async () => {
    assert.ok(vscode.extensions.getExtension('vscode.ipynb'), 'vscode.ipynb is not in this host');
    const notebook = await openNotebook('lenses.ipynb', UNSLOTH);
    assert.deepEqual(await titles(cell(notebook, 4)), ['6 s = α/r = 16/16 = 1', '6 Check alpha equivalence']);
    assert.deepEqual(await titles(cell(notebook, 5)), ['7 At alpha 64: lr 1e-4']);
    for (const number of [2, 3]) assert.deepEqual(await titles(cell(notebook, number)), [], `cell ${number}`);
    const [alpha] = await hoverAt(cell(notebook, 4), 'lora_alpha');
    assert.match(alpha?.value ?? '', /s = α\/r = 16\/16 = 1/);
    assert.deepEqual(await hoverAt(cell(notebook, 3), 'tokenizer'), []);
  });

  itInNewest('has one lens for each network, also where several stand in one cell; without LoRA nothing', async () => {
    const notebook = await openNotebook('two.ipynb', TWO_NETWORKS);
    const lenses = (await titles(cell(notebook, 1))).filter((title) => /s = /.test(title));
    assert.deepEqual(
      lenses.map((title) => title.split(' ')[0]),
      ['2', '3'],
    );
    const foreign = cell(await openNotebook('foreign.ipynb', FOREIGN_NOTEBOOK), 2);
    assert.deepEqual(await titles(foreign), []);
    assert.deepEqual(await hoverAt(foreign, 'alpha'), []);
    assert.deepEqual(await actionsAt(foreign, 'alpha'), []);
    await expectProblems(foreign.uri, []);
  });

  it('has its problems in the cells they are about, and fixes that write there', async () => {
    const notebook = await openNotebook('implied.ipynb', UNSLOTH_IMPLIED);
    await expectProblems(cell(notebook, 4).uri, ['3 Warning alpha-implied']);
    for (const number of [2, 3, 5]) await expectProblems(cell(notebook, number).uri, []);
    const actions = await actionsAt(cell(notebook, 4), 'rank', vscode.CodeActionKind.QuickFix);
    const fix = actions.find(({ edit }) => edit);
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
    const { diff, done } = await rescaleTo(64, cell(notebook, 5).uri);
    assert.match(await textOf(diff.original), /# %% cell 4\nmodel = [^]*lora_alpha = 16,/);
    assert.match(
      await textOf(diff.modified),
      /# %% cell 4\nmodel = [^]*lora_alpha = 64,[^]*# %% cell 5\n[^]*learning_rate = 1e-4,/,
    );
    assert.equal(notebook.isDirty, false);
    await replace(cell(notebook, 3), 'rank = 16', 'rank = 32');
    await vscode.commands.executeCommand(COMMANDS.applyPreview);
    await done;
    assert.match(cell(notebook, 4).getText(), /lora_alpha = 16/);
    assert.match(cell(notebook, 5).getText(), /learning_rate = 2e-4/);
  });
});

/** Nothing in it depends on the age of the editor. */
const describeInNewest = isNewest ? describe : describe.skip;

describeInNewest('the panel of a notebook', () => {
  before(testApi);
  afterEach(closeNotebooks);

  it('is one, whichever cell asks, and follows what is typed and cells that come, move and go', async () => {
    const notebook = await openNotebook('panel.ipynb', UNSLOTH);
    for (const asking of [cell(notebook, 5).uri, cell(notebook, 4).uri, notebook.uri]) await check(asking);
    await finished();
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
    await view((now) => now.recipe?.scaling === 0.25, 'the panel');
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
    await check(cell(notebook, 1).uri);
    const { changes } = await finished();
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
    const { changes } = await finished();
    assert.equal(changes.find(({ key }) => key === 'lora_alpha')?.cell, 4);
    await vscode.commands.executeCommand(COMMANDS.compareSelected, uri, [uri, fileOf('other.ipynb')]);
    const api = await testApi();
    const { verdict, settings } = await until(() => {
      const now = api.comparisonView();
      return now?.verdict ? now : null;
    }, 'the comparison');
    assert.equal(verdict?.kind, 'same');
    assert.deepEqual([settings[0]?.first.cell, settings[0]?.first.line], [4, 6]);
    const { done } = await rescaleTo(64, uri);
    await vscode.commands.executeCommand(COMMANDS.applyPreview);
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
    const { changes, canApply, run } = await finished();
    assert.deepEqual([run.verdict?.kind, canApply], ['identical', true]);
    const rate = changes.find(({ key }) => key === 'learning_rate');
    assert.deepEqual([rate?.cell, rate?.line], [3, 3]);
    const group = vscode.window.tabGroups.all.find(({ viewColumn }) => viewColumn === vscode.ViewColumn.One);
    await vscode.window.tabGroups.close(group?.tabs ?? []);
    const again = await openNotebook('variable.ipynb', UNSLOTH_VARIABLE.replace('lora_alpha = 16,', 'lora_alpha = 8,'));
    // The editor can still have the text of before, until it hears of the file.
    await until(() => /lora_alpha = 8/.test(cell(again, 4).getText()), 'the text of the file');
    await view(({ recipe, file }) => recipe?.alpha === 8 && file.state === 'ok', 'what the notebook says now');
    await replace(cell(again, 4), 'lora_alpha = 8', 'lora_alpha = 4');
    await view(({ recipe }) => recipe?.alpha === 4, 'what is typed');
  });
});
