import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../src/extension/ids';
import { MOST_HERE } from '../../src/extension/bounds';
import type { ComparisonView } from '../../src/messages/comparison';
import { AXOLOTL } from '../support/axolotl';
import { resultsOf } from '../support/results';
import * as editor from './support/editor';
import { check, closeAll, fileOf, finished, openNew, replace, setting, testApi, until, view } from './support/editor';
import { actionsAt, hoverAt, problemsOf } from './support/language';

const PROVED = /^(identical|equivalent)$/;

/** The file is the same in all tests, and so is its panel. */
describe('the panel follows its file', () => {
  let document: vscode.TextDocument;

  before(async () => {
    await testApi();
    await openNew('followed.yml', AXOLOTL);
    await check(fileOf('followed.yml'));
  });
  beforeEach(async () => {
    document = (await openNew('followed.yml', AXOLOTL)).document;
    await finished();
  });
  after(closeAll);

  it('and says that the curves are old, where it may not train by itself', async () => {
    const before = (await finished()).run.id;
    try {
      await setting('runOnChange', false);
      await replace(document, '0.0002', '0.0003');
      const { run } = await view((now) => now.run.stale, 'the curves to be called old');
      assert.equal(run.id, before);
      await replace(document, '0.0003', '0.0002');
      const back = await view((now) => !now.run.stale, 'the curves to fit again');
      assert.equal(back.run.id, before);
    } finally {
      await setting('runOnChange', undefined);
    }
  });

  it('through many quick edits, and ends with the last text', async () => {
    let alpha = 16;
    for (const next of [17, 18, 19, 20, 24, 48, 128]) {
      await replace(document, `lora_alpha: ${alpha}`, `lora_alpha: ${next}`);
      alpha = next;
    }
    await view(({ recipe }) => recipe?.alpha === 128, 'the last alpha');
    const { target, run } = await finished();
    assert.equal(target.k, 0.5);
    assert.match(run.verdict?.kind ?? '', PROVED);
  });

  it('when it breaks, is mended and becomes something else', async () => {
    await replace(document, '16  #', '[16  #');
    const broken = await view(({ file }) => file.state === 'broken', 'the file to be broken');
    // What it said last stays in sight.
    assert.deepEqual([broken.recipe?.rank, broken.canApply, typeof broken.file.line], [16, false, 'number']);
    await replace(document, '[16  #', '16  #');
    const mended = await view(({ file, run }) => file.state === 'ok' && !run.stale, 'the file to be well again');
    assert.deepEqual([mended.file.message, mended.canApply], [null, true]);
    await replace(document, document.getText(), 'services:\n  web:\n    image: nginx\n');
    const { file } = await view((now) => now.file.state === 'foreign', 'the file to be foreign');
    assert.match(file.message ?? '', /holds no LoRA config/);
    await replace(document, 'services:\n  web:\n    image: nginx\n', AXOLOTL);
    await finished();
  });

  it('when it is renamed, changes on disk without an editor, and is deleted', async () => {
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(document.uri, fileOf('new-name.yml'), { overwrite: true });
    await vscode.workspace.applyEdit(edit);
    await view(({ file }) => file.name === 'new-name.yml' && file.state === 'ok', 'the new name');
    const group = vscode.window.tabGroups.all.find(({ viewColumn }) => viewColumn === vscode.ViewColumn.One);
    await vscode.window.tabGroups.close(group?.tabs ?? []);
    await editor.writeNew('new-name.yml', AXOLOTL.replace('lora_alpha: 16', 'lora_alpha: 8'));
    await view(({ recipe }) => recipe?.alpha === 8, 'what was written to the disk');
    await vscode.workspace.fs.delete(fileOf('new-name.yml'));
    const { file } = await view((now) => now.file.state === 'gone', 'the file to be gone');
    assert.match(file.message ?? '', /new-name\.yml/);
  });
});

/** Threads that are at work in the extension host; an idle one does not hold the process. */
function workersBusy(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
}

/** This count, once it has been the same for 50 looks: a thread that reads a file is busy for a moment. */
async function settled(count: () => number): Promise<number> {
  let [last, same] = [count(), 0];
  await until(() => {
    const now = count();
    same = now === last ? same + 1 : 0;
    last = now;
    return same === 50;
  }, 'the threads to be idle');
  return last;
}

describe('panels come and go while they train', () => {
  let others: number;

  before(async () => {
    await testApi();
    await setting('seeds', 8);
    // A run in several would look like several runs.
    await setting('workers', 1);
  });
  beforeEach(async () => {
    // Long enough to be looked at.
    await setting('task', 'transformer');
    await vscode.workspace.saveAll();
    await closeAll();
    others = await settled(workersBusy);
  });
  after(async () => {
    await setting('seeds', undefined);
    await setting('workers', undefined);
    await setting('task', 'linear');
    await vscode.workspace.saveAll();
    await closeAll();
  });

  it('a worker that dies ends the run with one sentence, and the next run works', async () => {
    const api = await testApi();
    const { document } = await openNew('crash.yml', AXOLOTL);
    await check(document.uri);
    await until(() => api.panelView()?.run.state === 'running' && api.killWorker(), 'a worker to kill');
    const { run } = await view((now) => now.run.state === 'failed', 'the run to fail');
    assert.equal(run.error?.trim().split('\n').length, 1, run.error ?? '');
    assert.equal(run.verdict, null);
    await setting('task', 'linear');
    await replace(document, 'lora_alpha: 16', 'lora_alpha: 4');
    const next = await view((now) => now.run.id > run.id && now.run.state === 'done', 'the next run');
    assert.match(next.run.verdict?.kind ?? '', PROVED);
    // One that dies between two runs is not noticed.
    api.killWorker();
    await replace(document, 'lora_alpha: 4', 'lora_alpha: 8');
    const last = await view((now) => now.run.id > next.run.id && now.run.state !== 'running', 'the last run');
    assert.equal(last.run.state, 'done');
  });

  it('two panels train at the same time, each its own file', async () => {
    const first = await openNew('first.yml', AXOLOTL);
    await check(first.document.uri);
    const second = await openNew('second.yml', AXOLOTL);
    await check(second.document.uri);
    // One edit right after the other, and both start again.
    await replace(first.document, 'learning_rate: 0.0002', 'learning_rate: 0.0004');
    await replace(second.document, 'learning_rate: 0.0002', 'learning_rate: 0.0006');
    await until(() => workersBusy() >= others + 2, 'two runs at once');
    await setting('task', 'linear');
    const expectRate = async (uri: vscode.Uri, rate: number): Promise<void> => {
      const { run } = await view(
        ({ file, run, changes }) =>
          file.path === uri.path &&
          Number(changes.find(({ key }) => key === 'learning_rate')?.to) === rate &&
          run.state === 'done' &&
          !run.stale,
        `the run of ${uri.path} at ${rate}`,
      );
      assert.deepEqual([run.error, run.verdict?.kind], [null, 'identical']);
    };
    await expectRate(second.document.uri, 0.0003);
    await check(first.document.uri);
    await expectRate(first.document.uri, 0.0002);
    await until(() => workersBusy() <= others, 'both workers to be idle');
  });
});

/** The picture of the comparison that is shown, once it is like this. */
async function compared(condition: (view: ComparisonView) => boolean, what: string): Promise<ComparisonView> {
  const api = await testApi();
  return until(() => {
    const now = api.comparisonView();
    return now && condition(now) ? now : null;
  }, what);
}

/** Above what is read in the extension host. */
const LONG = `${AXOLOTL}${'# a comment of a long file\n'.repeat(MOST_HERE / 16)}`;

describe('a file that is read in a thread', () => {
  before(async () => {
    await (await testApi()).features();
  });
  after(async () => {
    await vscode.workspace.saveAll();
    await closeAll();
  });

  it('has the lenses, hovers, actions and problems of a short one', async () => {
    const said = async ({ document }: vscode.TextEditor): Promise<string[][]> => [
      (await editor.lensesOf(document.uri)).map(({ line, title }) => `${line} ${title}`),
      // All but the links, which hold the address of the file.
      (await hoverAt(document, 'lora_alpha')).map(({ value }) => value.replace(/\(command:[^)]*\)/g, '')),
      (await actionsAt(document, 'lora_alpha')).map(({ title }) => title),
    ];
    const short = await said(await openNew('short.yml', AXOLOTL));
    assert.ok(short.every((words) => words.length > 0));
    assert.deepEqual(await said(await openNew('long.yml', LONG)), short);
    const { document } = await openNew('long-broken.yml', `${LONG}broken: [\n`);
    await until(() => problemsOf(document.uri).some((problem) => problem.endsWith('syntax')), 'the problem');
    await replace(document, 'broken: [', '# mended');
    await until(() => problemsOf(document.uri).length === 0, 'the problem to go');
  });

  it('has a panel that follows what is typed, and is compared and rescaled', async () => {
    const { document } = await openNew('long-panel.yml', LONG);
    await check(document.uri);
    assert.match((await finished()).run.verdict?.kind ?? '', PROVED);
    await replace(document, 'lora_alpha: 16', 'lora_alpha: 64');
    await view(({ recipe }) => recipe?.alpha === 64, 'the panel to show the new alpha');
    await openNew('long.yml', LONG);
    await vscode.commands.executeCommand(COMMANDS.compare, undefined, [fileOf('long.yml'), document.uri]);
    const { verdict, ways } = await compared((now) => now.verdict !== null, 'the comparison');
    assert.equal(verdict?.kind, 'different');
    assert.ok(ways.length > 0);
    const { done } = await editor.rescaleTo(16, document.uri);
    await vscode.commands.executeCommand(COMMANDS.applyPreview);
    await done;
    assert.match(document.getText(), /lora_alpha: 16 /);
  });
});

it('a file that was broken from the start has a panel that says so', async () => {
  const { uri } = (await openNew('broken.yml', AXOLOTL.replace('0.05', '[0.05'))).document;
  await check(uri);
  await view(({ file: { name, state } }) => name === 'broken.yml' && state === 'broken', 'the panel of a broken file');
});

describe('comparing two configs', () => {
  after(async () => {
    await vscode.workspace.saveAll();
    await closeAll();
  });
  const compare = async (first: string, second: string): Promise<void> => {
    const uris = [fileOf(first), fileOf(second)];
    await vscode.commands.executeCommand(COMMANDS.compareSelected, uris[0], uris);
  };

  it('says that a file is gone', async () => {
    // A watcher says nothing of a file that goes before it was said to have come.
    const watcher = vscode.workspace.createFileSystemWatcher('**/gone.yml');
    const came = new Promise((resolve) => watcher.onDidCreate(resolve));
    await editor.writeNew('gone.yml', AXOLOTL);
    await came;
    watcher.dispose();
    await editor.writeNew('a.yml', AXOLOTL);
    await compare('a.yml', 'gone.yml');
    await compared(({ second, verdict }) => second.file.name === 'gone.yml' && verdict !== null, 'the comparison');
    await vscode.workspace.fs.delete(fileOf('gone.yml'));
    await compared(({ second }) => second.file.state === 'gone', 'the file to be gone');
  });
});

describe('results of a PyTorch check', () => {
  before(closeAll);
  afterEach(closeAll);

  it('of a config with a name that leads elsewhere ask which one', async () => {
    await editor.writeNew('lora-alpha-results/far.json', resultsOf('../../../etc/passwd'));
    await editor.answeredWithNothing(COMMANDS.openResults, fileOf('lora-alpha-results/far.json'));
    assert.deepEqual(
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs),
      [],
    );
  });
});
