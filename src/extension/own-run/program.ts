import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { LARGEST_RECORDING, readRecording, tooLarge } from '../../run/recording';
import { ROLE_NAMES, TrialError, type RunProgram } from '../../run/trial';
import { isThere, textIn } from '../documents/files';
import { fileNameOf } from '../documents/places';
import { RESULTS_FOLDER } from '../export/results';
import { interpreterFor, runTask, type RunningTask } from '../export/run-task';
import { refuse } from '../refuse';
import { commandFor } from './command';

/** So many optimizer steps are recorded; the program ends after them, and saves nothing more. */
export const STEPS = 20;

/** The user's program, and the folder with what it leaves. */
export interface Program {
  folder: vscode.Uri;
  run: RunProgram;
  stop(): void;
  /** Says which run has begun. */
  tell(say: (which: string) => void): void;
}

/**
 * Asks for the command that trains, which the user can change. Programs are run for files on the disk alone, in a
 * workspace that the user trusts, and in a terminal.
 * @returns undefined where the user thought better of it, or where no program may run, which has been said
 */
export async function askForProgram(
  extensionUri: vscode.Uri,
  config: vscode.Uri,
  trainer: string | null,
  asked: { title: string; prompt: string },
): Promise<Program | undefined> {
  if (config.scheme !== 'file' || !vscode.workspace.isTrusted)
    return refuse(l10n.t('A program runs only for a file on the disk, in a workspace that you trust.'));
  const file = vscode.workspace.asRelativePath(config, false);
  const python = file.endsWith('.py') ? await interpreterFor(config) : '';
  const value = commandFor(file, trainer, python, vscode.env.shell);
  const command = await vscode.window.showInputBox({ ...asked, value, ignoreFocusOut: true });
  if (!command?.trim()) return undefined;
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = vscode.Uri.joinPath(config, '..', RESULTS_FOLDER, `run-${time}`);
  await vscode.workspace.fs.createDirectory(folder);
  const cwd = (vscode.workspace.getWorkspaceFolder(config)?.uri ?? vscode.Uri.joinPath(config, '..')).fsPath;
  let task: RunningTask | undefined;
  let isStopped = false;
  let say: (which: string) => void = () => undefined;
  const run: RunProgram = async ({ role, name, ...applied }) => {
    const which = ROLE_NAMES[role]();
    if (isStopped) throw new TrialError(l10n.t`${which} was stopped`);
    say(which);
    const out = vscode.Uri.joinPath(folder, `${name}.json`);
    const recipe = JSON.stringify({ out: out.fsPath, steps: STEPS, keepGoing: false, ...applied });
    const path = [vscode.Uri.joinPath(extensionUri, 'dist', 'recorder').fsPath, process.env.PYTHONPATH ?? ''];
    const env = {
      PYTHONPATH: path.filter((part) => part !== '').join(process.platform === 'win32' ? ';' : ':'),
      LORA_ALPHA_RUN: recipe,
    };
    task = runTask(config, `${fileNameOf(config)}: ${which}`, new vscode.ShellExecution(command, { cwd, env }));
    await task.ended;
    const text = await textIn(out, LARGEST_RECORDING);
    if (text === null && (await isThere(out))) throw new TrialError(tooLarge(fileNameOf(out)));
    if (text === null)
      throw new TrialError(
        l10n.t`${which} left no recording: no Python loaded the recorder, or none trained. Its terminal says more.`,
      );
    const recording = readRecording(text, fileNameOf(out));
    if ('wrong' in recording) throw new TrialError(recording.wrong);
    return { text, recording };
  };
  const stop = (): void => {
    isStopped = true;
    task?.stop();
  };
  return { folder, run, stop, tell: (speaker) => (say = speaker) };
}
