import * as vscode from 'vscode';

/** The group of tabs in which a file is open as text, by its tab: VS Code keeps the text of a closed document for minutes. */
export function groupOf(uri: vscode.Uri): vscode.TabGroup | undefined {
  return vscode.window.tabGroups.all.find(({ tabs }) => tabs.some(({ input }) => shows(input, uri)));
}

/** A cell's address has the path of its notebook, which is what the tab shows. */
function shows(input: unknown, uri: vscode.Uri): boolean {
  if (input instanceof vscode.TabInputNotebook) return input.uri.path === uri.path;
  return input instanceof vscode.TabInputText && input.uri.toString() === uri.toString();
}

/** Calls the listener for every text file whose tab opens, or whose last tab closes. */
export function onTextTabs(listener: (uri: vscode.Uri, isOpen: boolean) => void): vscode.Disposable {
  return vscode.window.tabGroups.onDidChangeTabs(({ opened, closed }) => {
    for (const { input } of [...opened, ...closed]) {
      if (input instanceof vscode.TabInputText) listener(input.uri, groupOf(input.uri) !== undefined);
    }
  });
}

/** The column in which a file is open, so that it is not opened a second time over the panel. */
export function columnOf(uri: vscode.Uri): vscode.ViewColumn {
  return groupOf(uri)?.viewColumn ?? vscode.ViewColumn.One;
}
