import * as vscode from 'vscode';
import { fileNameOf } from '../documents/file-name';

/** What is used of the Python extension's API: https://github.com/microsoft/vscode-python/blob/main/pythonExtensionApi/src/main.ts */
interface PythonApi {
  environments: { getActiveEnvironmentPath(resource?: vscode.Uri): { path: string } };
}

/** Programs are run for files on the disk alone, and in a workspace that the user trusts. */
export function canRunPython(file: vscode.Uri): boolean {
  return file.scheme === 'file' && vscode.workspace.isTrusted;
}

/** Runs a Python file in a terminal, in its own folder, and waits for its end. */
export async function runPython(file: vscode.Uri, args: readonly string[]): Promise<void> {
  // Without a shell no character of a path means anything.
  const program = new vscode.ProcessExecution(await interpreterFor(file), [file.fsPath, ...args], {
    cwd: vscode.Uri.joinPath(file, '..').fsPath,
  });
  const scope = vscode.workspace.getWorkspaceFolder(file) ?? vscode.TaskScope.Workspace;
  const task = new vscode.Task({ type: 'process' }, scope, fileNameOf(file), 'LoRA Alpha', program);
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, focus: true };
  await untilEnd(task);
}

/** Starts a task and waits until it is over, however it ends. */
async function untilEnd(task: vscode.Task): Promise<void> {
  // A task may end before executeTask resolves.
  const over = new Set<vscode.TaskExecution>();
  let look = (): void => undefined;
  const listening = vscode.tasks.onDidEndTask(({ execution }) => {
    over.add(execution);
    look();
  });
  try {
    const execution = await vscode.tasks.executeTask(task);
    await new Promise<void>((resolve) => {
      look = () => {
        if (over.has(execution)) resolve();
      };
      look();
    });
  } finally {
    listening.dispose();
  }
}

/** The interpreter that the user has chosen in the Python extension, or that of the machine. */
async function interpreterFor(file: vscode.Uri): Promise<string> {
  const python = vscode.extensions.getExtension<PythonApi>('ms-python.python');
  try {
    const api = await python?.activate();
    const chosen = api?.environments.getActiveEnvironmentPath(file).path;
    if (chosen) return chosen;
  } catch {
    // Another version of that extension, with another API.
  }
  return process.platform === 'win32' ? 'python' : 'python3';
}
