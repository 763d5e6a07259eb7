import * as vscode from 'vscode';

/** A file system that lives in memory, as that of a virtual workspace: no disk has its files. @param onRead hears of each read */
export function memoryFiles(
  files: ReadonlyMap<string, { text: string; mtime: number }>,
  onRead: () => void = () => undefined,
): vscode.FileSystemProvider {
  const at = ({ path }: vscode.Uri): { text: string; mtime: number } => {
    const found = files.get(path);
    if (!found) throw vscode.FileSystemError.FileNotFound(path);
    return found;
  };
  const refuse = (): never => {
    throw vscode.FileSystemError.NoPermissions();
  };
  return {
    onDidChangeFile: new vscode.EventEmitter<vscode.FileChangeEvent[]>().event,
    watch: () => new vscode.Disposable(() => undefined),
    stat: (uri) => ({ type: vscode.FileType.File, ctime: 0, mtime: at(uri).mtime, size: at(uri).text.length }),
    readFile: (uri) => {
      onRead();
      return new TextEncoder().encode(at(uri).text);
    },
    readDirectory: () => [],
    ...{ createDirectory: refuse, writeFile: refuse, delete: refuse, rename: refuse },
  };
}
