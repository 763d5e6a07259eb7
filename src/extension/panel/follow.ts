import * as vscode from 'vscode';
import type { FileView } from '../../messages/panel';
import type { Turns } from '../../worker/runner';
import { addressOf, isNotebookFile, openAt } from '../documents/cells';
import { fileNameOf } from '../documents/places';
import { isConfigDocument, lookBeside, saysMore, sourceOf } from '../documents/read-document';
import type { SourceText } from '../questions/read-text';
import { fileViewOf, goneView, unreadView } from './panel-view';

interface FileListener {
  /** What the file is and says now, saved or not; `source` is null unless the file is all right. */
  onFile(file: FileView, source: SourceText | null): Promise<void> | void;
  /** Runs one callback at a time; if several states wait, only the newest is reported. */
  inTurn: Turns;
  noted(error: unknown): void;
}

interface FollowedFile {
  uri(): vscode.Uri;
  dispose(): void;
}

/** Follows one file: while it is typed in, when it changes on disk without an editor, when it moves or goes. */
export function followFile(start: vscode.Uri, { onFile, inTurn, noted }: FileListener): FollowedFile {
  let uri = start;
  let disposed = false;
  let isGone = false;
  let latest: object = {};
  const isMine = (other: vscode.Uri): boolean => other.toString() === uri.toString();

  const tell = (state: () => Promise<void> | void): void => {
    const mine = (latest = {});
    inTurn(async () => (mine === latest ? state() : undefined)).catch(noted);
  };
  const tellDocument = (document: vscode.TextDocument): void =>
    tell(async () => {
      if (isGone) return onFile(goneView(uri), null);
      const source = await sourceOf(document).catch((error: unknown) => {
        noted(error);
        return unreadView(uri, error);
      });
      if (!('reading' in source)) return onFile(source, null);
      const file = fileViewOf(uri, source.reading, isConfigDocument(document));
      await onFile(file, file.state === 'ok' ? source : null);
    });
  const tellGone = (): void => tell(() => onFile(goneView(uri), null));

  const read = async (): Promise<void> => {
    const asked = uri;
    const opening = openAt(uri).catch(() => undefined);
    await lookBeside(uri);
    const document = await opening;
    if (disposed || !isMine(asked)) return;
    if (document) tellDocument(document);
    else tellGone();
  };

  const watch = (): vscode.Disposable => {
    const name = fileNameOf(uri);
    // A pattern would read [ and { in a name as wildcards; the name is compared instead.
    const folder = new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), '*');
    const watching = vscode.workspace.createFileSystemWatcher(folder);
    const isFile = ({ path }: vscode.Uri): boolean => path.endsWith(`/${name}`);
    const again = (changed: vscode.Uri): void => {
      if (isFile(changed)) isGone = false;
      if (isFile(changed) || saysMore(changed, uri)) void read();
    };
    watching.onDidCreate(again);
    watching.onDidChange(again);
    watching.onDidDelete((gone) => {
      // An open editor keeps the text of a file that went, but nothing can be written there.
      if (isFile(gone)) {
        isGone = true;
        tellGone();
      } else if (saysMore(gone, uri)) void read();
    });
    return watching;
  };
  let watcher = watch();

  const readNotebook = (notebook: vscode.NotebookDocument): void => {
    if (isMine(notebook.uri)) void read();
  };
  // The text of an open notebook is in its cells; the document of its file may be older.
  const isStale = (document: vscode.TextDocument): boolean =>
    isNotebookFile(document.uri) && vscode.workspace.notebookDocuments.some((notebook) => isMine(notebook.uri));
  const subscriptions = vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (isMine(addressOf(document)) && !isStale(document)) tellDocument(document);
    }),
    vscode.workspace.onDidOpenNotebookDocument(readNotebook),
    vscode.workspace.onDidCloseNotebookDocument(readNotebook),
    vscode.workspace.onDidChangeNotebookDocument(({ notebook }) => readNotebook(notebook)),
    vscode.workspace.onDidRenameFiles(({ files }) => {
      const moved = files.find(({ oldUri }) => isMine(oldUri));
      if (!moved) return;
      uri = moved.newUri;
      isGone = false;
      watcher.dispose();
      watcher = watch();
      void read();
    }),
  );
  void read();
  return {
    uri: () => uri,
    dispose() {
      disposed = true;
      latest = {};
      watcher.dispose();
      subscriptions.dispose();
    },
  };
}
