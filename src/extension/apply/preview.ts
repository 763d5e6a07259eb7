import * as vscode from 'vscode';
import type { TextEdit } from '../../config/reading';
import { visible } from '../../recipe/visible';
import { applyEdits } from '../../config/write/edits';
import { isNotebookFile, openAt } from '../documents/cells';
import { codeAfter, notebookOf } from '../documents/notebook-text';
import { textOf, workspaceEdit } from '../documents/read-document';
import { PREVIEW_SCHEME } from '../ids';
import { columnOf } from '../documents/show-file';
import { fileNameOf } from '../documents/places';

/** A change that waits for its owner's word. */
export interface Proposal {
  uri: vscode.Uri;
  /** The text the edits were made for. */
  before: string;
  after: string;
  edits: readonly TextEdit[];
  /** `alpha 16 → 64` */
  what: string;
  /** What to know before the answer, such as a number that must move elsewhere; empty where there is nothing. */
  remark: string;
}

export interface Previews extends vscode.Disposable {
  /**
   * Shows the diff and asks; resolves with whether the change was written.
   * @param ask puts the question; `answer` is its answer. Default: a message.
   */
  propose(proposal: Proposal, ask?: (proposal: Proposal) => void): Promise<boolean>;
  /** Answers the question of the proposal that is shown now; says so where there is none. */
  answer(apply: boolean): void;
}

/**
 * The step between Apply and the file: a diff of what would change, and a question. Both the question and the
 * buttons in the diff's title answer it; closing the diff is a no.
 */
export function createPreviews(): Previews {
  const texts = new Map<string, string>();
  let open: { preview: vscode.Uri; settle: (apply: boolean) => void } | undefined;
  let proposals = 0;

  const provider = vscode.workspace.registerTextDocumentContentProvider(PREVIEW_SCHEME, {
    provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '',
  });
  const closing = vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
    if (open && closed.some((tab) => shows(tab, open?.preview))) open.settle(false);
  });

  /** What the diff shows: the file and what it would be; of an open notebook its code, cell by cell. */
  async function sidesOf(proposal: Proposal): Promise<{ before: vscode.Uri; after: vscode.Uri }> {
    const { uri } = proposal;
    const notebook = notebookOf(await openAt(uri));
    // The path keeps the file's name and so its language; the query tells one proposal from the next.
    const number = ++proposals;
    const side = (text: string, suffix: string, query: string): vscode.Uri => {
      const made = vscode.Uri.from({ scheme: PREVIEW_SCHEME, path: uri.path + suffix, query });
      texts.set(made.toString(), text);
      return made;
    };
    // The editor would compare notebooks as such, which a text beside the file is not.
    const suffix = notebook ? '.py' : isNotebookFile(uri) ? '.json' : '';
    const now = notebook ? codeAfter(notebook, applyEdits, []) : proposal.before;
    return {
      before: suffix === '' ? uri : side(now, suffix, `${number} before`),
      after: side(notebook ? codeAfter(notebook, applyEdits, proposal.edits) : proposal.after, suffix, `${number}`),
    };
  }

  async function propose(proposal: Proposal, ask = askInMessage): Promise<boolean> {
    const { before, after: preview } = await sidesOf(proposal);
    open?.settle(false);
    const answered = new Promise<boolean>((settle) => {
      open = { preview, settle };
    });
    const name = fileNameOf(proposal.uri);
    const title = `${name}: ${proposal.what}`;
    await vscode.commands.executeCommand('vscode.diff', before, preview, title, {
      // Where the file is, so that the panel stays in sight.
      viewColumn: columnOf(proposal.uri),
      // A file that was opened with one click is a preview itself: the diff would take its tab, and its group would close.
      preview: false,
      // A question in the panel is answered there.
      preserveFocus: ask !== askInMessage,
    });
    ask(proposal);
    const yes = await answered;
    // A later proposal may have taken its place by now.
    if (open?.preview === preview) open = undefined;
    for (const side of [before, preview]) texts.delete(side.toString());
    await closeTab(preview);
    return yes && write(proposal);
  }

  function askInMessage({ uri, what, remark }: Proposal): void {
    const asking = open;
    const apply = vscode.l10n.t('Apply');
    const asked = vscode.l10n.t('Write this change ({0}) to {1}?', what, fileNameOf(uri));
    void vscode.window
      .showInformationMessage(`${remark} ${asked}`.trim(), apply, vscode.l10n.t('Discard'))
      .then((choice) => {
        if (choice !== undefined && open === asking) open?.settle(choice === apply);
      });
  }

  return {
    propose,
    answer(apply) {
      if (open) open.settle(apply);
      else void vscode.window.showInformationMessage(vscode.l10n.t('No change is waiting for an answer.'));
    },
    dispose: () => vscode.Disposable.from(provider, closing).dispose(),
  };
}

/** Writes through a WorkspaceEdit, so that one undo takes it back. Does nothing to a text that has changed since. */
async function write({ uri, before, edits }: Proposal): Promise<boolean> {
  const document = await openAt(uri);
  if (textOf(document).text !== before) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        'The file has changed since the preview was made, so nothing was written. Apply again to see the new preview.',
      ),
    );
    return false;
  }
  if (await vscode.workspace.applyEdit(workspaceEdit(document, edits))) return true;
  void vscode.window.showErrorMessage(
    vscode.l10n.t('VS Code refused the change to {0}. Is the file read-only?', visible(uri.path)),
  );
  return false;
}

function shows(tab: vscode.Tab, preview: vscode.Uri | undefined): boolean {
  return tab.input instanceof vscode.TabInputTextDiff && tab.input.modified.toString() === preview?.toString();
}

async function closeTab(preview: vscode.Uri): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => shows(tab, preview));
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
}
