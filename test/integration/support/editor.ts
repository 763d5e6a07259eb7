import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TestApi } from '../../../src/extension/activate';
import type { PanelView } from '../../../src/messages/panel';

const EXTENSION = 'lora-alpha.lora-alpha';

export const isNewest = process.env['LORA_ALPHA_EDITOR'] === 'newest';

/** A test that asks the editor for nothing that another test does not ask it for: the oldest editor does without it. */
export function itInNewest(title: string, test: () => Promise<void>): void {
  if (isNewest) it(title, test);
}

export function extension(): vscode.Extension<TestApi | undefined> {
  const found = vscode.extensions.getExtension<TestApi | undefined>(EXTENSION);
  assert.ok(found, `${EXTENSION} is not there`);
  return found;
}

/** What the extension shows its tests. */
export async function testApi(): Promise<TestApi> {
  const api = await extension().activate();
  assert.ok(api, 'the extension does not know that it is being tested');
  return api;
}

/** Asks again until there is an answer that is not false, null or undefined. */
export async function until<T>(
  condition: () => T | Thenable<T>,
  what: string,
  ms = 30_000,
): Promise<NonNullable<Exclude<T, false>>> {
  const end = Date.now() + ms;
  for (;;) {
    const value = await condition();
    if (value !== false && value !== null && value !== undefined) return value as NonNullable<Exclude<T, false>>;
    assert.ok(Date.now() < end, `waited ${ms} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Asks providers through a command of the editor, which gives up where texts or providers change meanwhile: then again. */
export async function ask<Answer extends object>(command: string, ...args: unknown[]): Promise<Answer> {
  const answer = async (): Promise<Answer | null> => {
    try {
      return (await vscode.commands.executeCommand<Answer | undefined>(command, ...args)) ?? null;
    } catch (error) {
      if (error instanceof Error && /^Canceled/.test(error.message)) return null;
      throw error;
    }
  };
  return (await until(answer, command)) as Answer;
}

/** Our own files stand in the first folder of the workspace, which is a copy of the examples. */
const OWN = 'made-by-tests';

export function fileOf(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return vscode.Uri.joinPath(folder.uri, OWN, name);
}

/** Every config of the sample workspace. */
export async function examples(): Promise<vscode.Uri[]> {
  const configs = new vscode.RelativePattern(vscode.Uri.joinPath(fileOf('x'), '../..'), '**/*.{yml,yaml,json,toml}');
  const found = await vscode.workspace.findFiles(configs, `**/{${OWN},.vscode}/**`);
  assert.ok(found.length >= 5, `only ${found.length} examples`);
  return found.sort((a, b) => a.path.localeCompare(b.path));
}

export async function open(name: string | vscode.Uri): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(typeof name === 'string' ? fileOf(name) : name, {
    viewColumn: vscode.ViewColumn.One,
    preview: false,
  });
}

/** Writes a file of the workspace. */
export async function writeNew(name: string, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(fileOf(name), new TextEncoder().encode(text));
}

/** Writes a file of the workspace and opens it as it was written, whatever an earlier test left open or edited. */
export async function openNew(name: string, text: string): Promise<vscode.TextEditor> {
  await writeNew(name, text);
  const editor = await open(name);
  const isAsWritten = (): boolean => saysWhatWasWritten(editor.document, text);
  if (!isAsWritten()) await vscode.commands.executeCommand('workbench.action.files.revert');
  await until(isAsWritten, `${name} to be shown as it was written`);
  return editor;
}

/** A document has no byte order mark. */
function saysWhatWasWritten(document: vscode.TextDocument, text: string): boolean {
  return document.getText() === text.replace(/^\uFEFF/, '');
}

/** Writes a file and reads it where no editor shows it: providers answer there, too, and sooner. */
export async function unseen(name: string, text: string): Promise<vscode.TextDocument> {
  await writeNew(name, text);
  const document = await vscode.workspace.openTextDocument(fileOf(name));
  return saysWhatWasWritten(document, text) ? document : (await openNew(name, text)).document;
}

/** Replaces the first `from` of the document. */
export async function replace(document: vscode.TextDocument, from: string, to: string): Promise<void> {
  const start = document.getText().indexOf(from);
  assert.ok(start >= 0, `${from} is not in the file`);
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + from.length));
  // The window refuses an edit while it has not told the host yet of the version it holds.
  const isWritten = async (): Promise<true | undefined> => {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, range, to);
    return (await vscode.workspace.applyEdit(edit)) || undefined;
  };
  await until(isWritten, 'an edit that is not refused');
}

export interface Lens {
  line: number;
  title: string;
  command: string;
}

/** Our CodeLenses of a file, with one-based lines, as the editor would draw them. */
export async function lensesOf(uri: vscode.Uri): Promise<Lens[]> {
  const lenses = await ask<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, Number.MAX_SAFE_INTEGER);
  return lenses
    .filter(({ command }) => command?.command.startsWith('loraAlpha.'))
    .map(({ range, command }) => ({
      line: range.start.line + 1,
      title: command?.title ?? '',
      command: command?.command ?? '',
    }));
}

/** Opens the panel of a file, as a click on its CodeLens does. */
export async function check(uri: vscode.Uri, network = 0): Promise<void> {
  await vscode.commands.executeCommand('loraAlpha.check', uri, network);
}

/** Waits for the panel to show something that satisfies the condition. */
export async function view(condition: (view: PanelView) => boolean, what: string): Promise<PanelView> {
  const api = await testApi();
  try {
    return await until(() => {
      const now = api.panelView();
      return now && condition(now) ? now : null;
    }, what);
  } catch (error) {
    const now = api.panelView();
    const seen = now && { file: now.file, target: now.target, refusal: now.refusal, run: { ...now.run, curves: [] } };
    throw new Error(`${String(error)}; the panel shows ${JSON.stringify(seen)}`, { cause: error });
  }
}

/** Waits until the run that belongs to what is shown now is over. */
export function finished(): Promise<PanelView> {
  return view(
    ({ run, file }) => file.state === 'ok' && ['done', 'failed'].includes(run.state) && !run.stale,
    'the run to end',
  );
}

/** Asks for a rescaling that several plans can do, takes the first, and waits for its diff. */
export async function rescaleTo(
  alpha: number,
  uri: vscode.Uri,
): Promise<{ diff: vscode.TabInputTextDiff; done: Thenable<unknown> }> {
  return previewOf('loraAlpha.rescale', uri, 0, alpha);
}

/** The diff that a command shows once the first of its plans is taken, and the command, which waits for an answer. */
export async function previewOf(
  command: string,
  ...args: unknown[]
): Promise<{ diff: vscode.TabInputTextDiff; done: Thenable<unknown> }> {
  let isOver = true;
  let done: Thenable<unknown> = Promise.resolve();
  const diff = await until(async () => {
    // The list of plans closes where a page that has just been loaded takes the focus from it: then again.
    if (isOver) {
      isOver = false;
      done = vscode.commands.executeCommand(command, ...args).then(() => (isOver = true));
    }
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    return tabs.map(({ input }) => input).find((input) => input instanceof vscode.TabInputTextDiff);
  }, 'the preview');
  return { diff, done };
}

/** Calls a command, and leaves whatever it asks for. */
export async function answeredWithNothing(command: string, ...args: unknown[]): Promise<void> {
  let isOver = false;
  const done = vscode.commands.executeCommand(command, ...args).then(() => (isOver = true));
  await until(async () => {
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    return isOver;
  }, `${command} to end`);
  await done;
}

export async function setting(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('loraAlpha').update(name, value, vscode.ConfigurationTarget.Global);
}

export async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}
