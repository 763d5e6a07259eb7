import type * as vscode from 'vscode';
import type { KillableRunner } from '../../worker/thread-runner';
import type { Previews } from '../apply/preview';

/** What every panel that trains is given. */
export interface RunPanelDeps {
  extensionUri: vscode.Uri;
  /** Null where the extension host has no threads: then the page trains. */
  createRunner: (() => KillableRunner) | null;
  previews: Previews;
  log: vscode.LogOutputChannel;
}
