import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { FOREIGN_NOTEBOOK, TWO_NETWORKS, UNSLOTH, UNSLOTH_IMPLIED, UNSLOTH_VARIABLE } from '../support/notebook';
import {
  check,
  closeAll,
  fileOf,
  finished,
  lensesOf,
  replace,
  setting,
  testApi,
  until,
  view,
  writeNew,
} from './support/editor';
import { actionsAt, expectProblems, hoverAt, placeOf } from './support/language';
import { cell, changedLines, editCells, fileText, openNotebook } from './support/notebooks';

const { RefactorRewrite, QuickFix } = vscode.CodeActionKind;

const titles = async (document: vscode.TextDocument): Promise<string[]> =>
  (await lensesOf(document.uri)).map(({ line, title }) => `${line} ${title}`);

/** Waits for the diff of a change. */
async function previewed(): Promise<vscode.TabInputTextDiff> {
  return until(() => {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    return tabs.map(({ input }) => input).find((input) => input instanceof vscode.TabInputTextDiff);
  }, 'the preview');
}

/** Asks for a rescaling that several plans can do, takes the first, and waits for the diff. */
async function rescaleTo(
  alpha: number,
  uri: vscode.Uri,
): Promise<{ diff: vscode.TabInputTextDiff; done: Thenable<unknown> }> {
  const done = vscode.commands.executeCommand('loraAlpha.rescale', uri, 0, alpha);
  const picking = setInterval(() => {
    void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  }, 100);
  try {
    return { diff: await previewed(), done };
  } finally {
    clearInterval(picking);
  }
}

async function textOf(uri: vscode.Uri): Promise<string> {
  return (await vscode.workspace.openTextDocument(uri)).getText();
}

describe('an open notebook', () => {
  before(async () => {
    await testApi();
    await setting('backend', 'cpu');
  });
  after(() => setting('backend', undefined));
  afterEach(async () => {
    for (const notebook of vscode.workspace.notebookDocuments) if (notebook.isDirty) await notebook.save();
    await closeAll();
  });

  it('is read by the editor’s own extension', () => {
    assert.ok(vscode.extensions.getExtension('vscode.ipynb'), 'vscode.ipynb is not in this host');
  });

  it('has lenses on the alpha and the rate in its cells, made of values of other cells', async () => {
    const notebook = await openNotebook('lenses.ipynb', UNSLOTH);
    assert.deepEqual(await titles(cell(notebook, 4)), ['6 s = α/r = 16/16 = 1', '6 Check alpha equivalence']);
    assert.deepEqual(await titles(cell(notebook, 5)), ['7 s·lr = 2e-4']);
    for (const number of [2, 3]) assert.deepEqual(await titles(cell(notebook, number)), [], `cell ${number}`);
  });

  it('has one lens for each network, also where several stand in one cell', async () => {
    const notebook = await openNotebook('two.ipynb', TWO_NETWORKS);
    const lenses = (await titles(cell(notebook, 1))).filter((title) => /s = /.test(title));
    assert.deepEqual(
      lenses.map((title) => title.split(' ')[0]),
      ['2', '3'],
    );
  });

  it('says on hover what alpha and rate do', async () => {
    const notebook = await openNotebook('hover.ipynb', UNSLOTH);
    const [alpha] = await hoverAt(cell(notebook, 4), 'lora_alpha');
    assert.match(alpha?.value ?? '', /s = α\/r = 16\/16 = 1/);
    const [rate] = await hoverAt(cell(notebook, 5), 'learning_rate');
    assert.match(rate?.value ?? '', /learning_rate = 2e-4/);
    assert.deepEqual(await hoverAt(cell(notebook, 3), 'tokenizer'), []);
  });

  it('follows what is typed into a cell, in every other cell', async () => {
    const notebook = await openNotebook('typed.ipynb', UNSLOTH);
    await check(cell(notebook, 4).uri);
    await finished();
    await replace(cell(notebook, 3), 'rank = 16', 'rank = 64');
    await until(async () => (await titles(cell(notebook, 4)))[0] === '6 s = α/r = 16/64 = 0.25', 'the lens');
    const { recipe } = await view((now) => now.recipe?.rank === 64, 'the panel');
    assert.equal(recipe?.scaling, 0.25);
  });

  it('follows cells that come, move and go', async () => {
    const notebook = await openNotebook('cells.ipynb', UNSLOTH);
    await check(cell(notebook, 4).uri);
    await finished();
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

  it('has its problems in the cells they are about, and fixes that write there', async () => {
    const notebook = await openNotebook('implied.ipynb', UNSLOTH_IMPLIED);
    const problem = '3 Warning alpha-implied';
    await until(() => vscode.languages.getDiagnostics(cell(notebook, 4).uri).length > 0, 'a problem').catch(
      () => undefined,
    );
    await expectProblems(cell(notebook, 4).uri, [problem]);
    for (const number of [2, 3, 5]) await expectProblems(cell(notebook, number).uri, []);
    const fix = (await actionsAt(cell(notebook, 4), 'rank', QuickFix)).find(({ edit }) => edit);
    assert.ok(fix?.edit);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.match(cell(notebook, 4).getText(), /^ {4}lora_alpha = 16,/m);
    await expectProblems(cell(notebook, 4).uri, []);
  });

  it('writes the implied alpha down in the cell of the rank', async () => {
    const notebook = await openNotebook('down.ipynb', UNSLOTH_IMPLIED);
    const before = [1, 2, 3, 5].map((number) => cell(notebook, number).getText());
    const action = (await actionsAt(cell(notebook, 4), 'rank', RefactorRewrite)).find(({ title }) =>
      title.startsWith('Write the implied alpha down'),
    );
    assert.ok(action?.edit);
    assert.ok(await vscode.workspace.applyEdit(action.edit));
    assert.match(cell(notebook, 4).getText(), /r = rank, # any number above 0\n {4}lora_alpha = 16,\n/);
    assert.deepEqual(
      [1, 2, 3, 5].map((number) => cell(notebook, number).getText()),
      before,
    );
  });

  it('is written by a plan into the right cells, and its file keeps every other byte', async () => {
    const notebook = await openNotebook('apply.ipynb', UNSLOTH);
    const alpha = cell(notebook, 4);
    const refactorings = await actionsAt(alpha, 'lora_alpha', RefactorRewrite);
    const rescaling = refactorings.find(({ title }) => title.startsWith('Rescale to alpha'));
    assert.deepEqual(rescaling?.command?.arguments?.[0], alpha.uri);
    const { diff, done } = await rescaleTo(64, alpha.uri);
    assert.match(await textOf(diff.original), /# %% cell 4\nmodel = [^]*lora_alpha = 16,/);
    assert.match(
      await textOf(diff.modified),
      /# %% cell 4\nmodel = [^]*lora_alpha = 64,[^]*# %% cell 5\n[^]*learning_rate = 1e-4,/,
    );
    assert.equal(notebook.isDirty, false);
    await vscode.commands.executeCommand('loraAlpha.applyPreview');
    await done;
    assert.match(alpha.getText(), /lora_alpha = 64, {2}# as "usual"/);
    assert.match(cell(notebook, 5).getText(), /learning_rate = 1e-4,/);
    assert.equal(await fileText('apply.ipynb'), UNSLOTH);
    assert.ok(await notebook.save());
    // VS Code itself takes the execution counts of cells away that are changed.
    const changed = changedLines(UNSLOTH, await fileText('apply.ipynb')).filter(
      (line) => !/execution_count/.test(line),
    );
    assert.deepEqual(changed, [
      '- "    lora_alpha = 16,  # as \\"usual\\"\\n",',
      '+ "    lora_alpha = 64,  # as \\"usual\\"\\n",',
      '- "        learning_rate = 2e-4,\\n",',
      '+ "        learning_rate = 1e-4,\\n",',
      '- "        weight_decay = 0.01,\\n",',
      '+ "        weight_decay = 0.02,\\n",',
      '- "        max_grad_norm = 1.0,\\n",',
      '+ "        max_grad_norm = 2.0,\\n",',
      '- "        adam_epsilon = 1e-8,\\n",',
      '+ "        adam_epsilon = 2e-8,\\n",',
    ]);
  });

  it('that changed since the preview is not written to', async () => {
    const notebook = await openNotebook('changed.ipynb', UNSLOTH);
    const { done } = await rescaleTo(64, cell(notebook, 5).uri);
    await replace(cell(notebook, 3), 'rank = 16', 'rank = 32');
    await vscode.commands.executeCommand('loraAlpha.applyPreview');
    await done;
    assert.match(cell(notebook, 4).getText(), /lora_alpha = 16/);
    assert.match(cell(notebook, 5).getText(), /learning_rate = 2e-4/);
  });

  it('has one panel, whichever cell asks, which trains and says the cell and its line', async () => {
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
    const panels = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter(({ input }) => input instanceof vscode.TabInputWebview);
    assert.deepEqual(
      panels.map(({ label }) => label),
      ['LoRA: panel.ipynb'],
    );
  });

  it('is refused where a value stands in a variable of another cell, and told which', async () => {
    const notebook = await openNotebook('variable.ipynb', UNSLOTH_VARIABLE);
    assert.deepEqual(await titles(cell(notebook, 5)), ['7 s·lr = 2e-4']);
    await check(cell(notebook, 4).uri);
    const { changes, canApply, locked, run } = await finished();
    assert.equal(run.verdict?.kind, 'identical');
    const rate = changes.find(({ key }) => key === 'learning_rate');
    assert.deepEqual([rate?.cell, rate?.line], [5, 7]);
    assert.equal(canApply, false);
    assert.match(locked ?? '', /lr, which is set in cell 3, line 3; change it there/);
    // What the user then does by hand: the variable is the number now, and there is nothing to keep Apply from writing.
    await replace(cell(notebook, 5), 'learning_rate = lr', 'learning_rate = 2e-4');
    await view((now) => now.canApply && now.locked === null, 'the plan to be one that can be written');
  });

  it('without LoRA stays as it was', async () => {
    const notebook = await openNotebook('foreign.ipynb', FOREIGN_NOTEBOOK);
    assert.deepEqual(await titles(cell(notebook, 2)), []);
    assert.deepEqual(await hoverAt(cell(notebook, 2), 'alpha'), []);
    assert.deepEqual(await actionsAt(cell(notebook, 2), 'alpha'), []);
    await expectProblems(cell(notebook, 2).uri, []);
  });

  it('that is untitled works the same', async () => {
    const cells = ['c = LoraConfig(r=8, lora_alpha=16)', 'a = TrainingArguments("o", learning_rate=2e-4)'].map(
      (source) => new vscode.NotebookCellData(vscode.NotebookCellKind.Code, source, 'python'),
    );
    const notebook = await vscode.workspace.openNotebookDocument('jupyter-notebook', new vscode.NotebookData(cells));
    await vscode.window.showNotebookDocument(notebook);
    assert.deepEqual(await titles(cell(notebook, 1)), ['1 s = α/r = 16/8 = 2', '1 Check alpha equivalence']);
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

  it('keeps its panel when the notebook is closed and opened again', async () => {
    const notebook = await openNotebook('again.ipynb', UNSLOTH);
    await check(cell(notebook, 4).uri);
    await finished();
    const group = vscode.window.tabGroups.all.find(({ viewColumn }) => viewColumn === vscode.ViewColumn.One);
    await vscode.window.tabGroups.close(group?.tabs ?? []);
    const again = await openNotebook('again.ipynb', UNSLOTH.replace('lora_alpha = 16,', 'lora_alpha = 8,'));
    assert.match(cell(again, 4).getText(), /lora_alpha = 8/);
    await view(({ recipe, file }) => recipe?.alpha === 8 && file.state === 'ok', 'what the notebook says now');
    await replace(cell(again, 4), 'lora_alpha = 8', 'lora_alpha = 4');
    await view(({ recipe }) => recipe?.alpha === 4, 'what is typed');
    assert.ok(placeOf(cell(again, 4), 'lora_alpha = 4'));
  });
});
