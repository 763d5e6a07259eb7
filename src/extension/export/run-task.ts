import * as vscode from 'vscode';

/** A program in a terminal that the user sees. */
export interface RunningTask {
  ended: Promise<void>;
  stop(): void;
}

/** Runs a program in a terminal. @param file for whose folder it runs */
export function runTask(
  file: vscode.Uri,
  name: string,
  program: vscode.ProcessExecution | vscode.ShellExecution,
): RunningTask {
  const scope = vscode.workspace.getWorkspaceFolder(file) ?? vscode.TaskScope.Workspace;
  const task = new vscode.Task({ type: 'process' }, scope, name, 'LoRA Alpha', program);
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, focus: true };
  // A task may end before executeTask resolves.
  const over = new Set<vscode.TaskExecution>();
  const changed = new vscode.EventEmitter<void>();
  const listening = vscode.tasks.onDidEndTask(({ execution }) => {
    over.add(execution);
    changed.fire();
  });
  let started: vscode.TaskExecution | undefined;
  let isStopped = false;
  const run = async (): Promise<void> => {
    try {
      const execution = (started = await vscode.tasks.executeTask(task));
      if (isStopped) execution.terminate();
      while (!over.has(execution)) await new Promise<void>((resolve) => changed.event(() => resolve()));
    } finally {
      vscode.Disposable.from(listening, changed).dispose();
    }
  };
  const stop = (): void => {
    isStopped = true;
    started?.terminate();
  };
  return { ended: run(), stop };
}

/** What is used of the Python extension's API (microsoft/vscode-python, pythonExtensionApi/src/main.ts). */
interface PythonApi {
  environments: { getActiveEnvironmentPath(resource?: vscode.Uri): { path: string } };
}

/** The interpreter that the user has chosen in the Python extension, or that of the machine. */
export async function interpreterFor(file: vscode.Uri): Promise<string> {
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
