import * as vscode from 'vscode';
import type { TextEdit } from '../../config/reading';
import { applyEdits } from '../../config/write/edits';
import { visible } from '../../recipe/visible';
import { isNotebookFile, openAt } from '../documents/cells';
import { columnOf } from '../documents/files';
import { codeAfter, notebookOf } from '../documents/notebook-text';
import { fileNameOf } from '../documents/places';
import { textOf, workspaceEdit } from '../documents/read-document';
import { PREVIEW_SCHEME } from '../ids';
import { refuse } from '../refuse';
import { tick } from '../settings';

export interface Proposal {
  uri: vscode.Uri;
  before: string;
  after: string;
  edits: readonly TextEdit[];
  /** `alpha 16 → 64` */
  what: string;
  /** What to know before the answer, such as a number that must move elsewhere; empty where there is nothing. */
  remark: string;
}

export type Previews = ReturnType<typeof createPreviews>;

/**
 * The step between Apply and the file: a diff of what would change, and a question. Both the question and the
 * buttons in the diff's title answer it; closing the diff is a no.
 */
export function createPreviews() {
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
  async function sidesOf({ uri, before, after, edits }: Proposal): Promise<[before: vscode.Uri, after: vscode.Uri]> {
    const notebook = notebookOf(await openAt(uri));
    // The editor would compare notebooks as such, which a text beside the file is not.
    const suffix = notebook ? '.py' : isNotebookFile(uri) ? '.json' : '';
    // The path keeps the file's name and so its language; the query tells one proposal from the next.
    const number = ++proposals;
    const side = (text: string, query: string): vscode.Uri => {
      const made = vscode.Uri.from({ scheme: PREVIEW_SCHEME, path: uri.path + suffix, query });
      texts.set(made.toString(), text);
      return made;
    };
    const [now, then] = notebook
      ? [codeAfter(notebook, applyEdits, []), codeAfter(notebook, applyEdits, edits)]
      : [before, after];
    return [suffix === '' ? uri : side(now, `${number} before`), side(then, `${number}`)];
  }

  /**
   * Shows the diff and asks; resolves with whether the change was written.
   * @param ask puts the question; `answer` is its answer. Default: a message.
   */
  async function propose(proposal: Proposal, ask = askInMessage): Promise<boolean> {
    const sides = await sidesOf(proposal);
    const [before, preview] = sides;
    open?.settle(false);
    const answered = new Promise<boolean>((settle) => {
      open = { preview, settle };
    });
    const title = `${fileNameOf(proposal.uri)}: ${proposal.what}`;
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
    for (const side of sides) texts.delete(side.toString());
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => shows(tab, preview));
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
    return yes && write(proposal);
  }

  function askInMessage({ uri, what, remark }: Proposal): void {
    const asking = open;
    const [apply, discard] = [vscode.l10n.t('Apply'), vscode.l10n.t('Discard')];
    const asked = vscode.l10n.t('Apply {0} to {1}?', what, fileNameOf(uri));
    void vscode.window.showInformationMessage(`${remark} ${asked}`.trim(), apply, discard).then((choice) => {
      if (choice !== undefined && open === asking) open?.settle(choice === apply);
    });
  }

  return {
    propose,
    /** Answers the question of the proposal that is shown now; says so where there is none. */
    answer(apply: boolean): void {
      if (open) open.settle(apply);
      else void vscode.window.showInformationMessage(vscode.l10n.t('No change is waiting for an answer.'));
    },
    dispose: (): void => vscode.Disposable.from(provider, closing).dispose(),
  };
}

function shows({ input }: vscode.Tab, preview: vscode.Uri | undefined): boolean {
  return input instanceof vscode.TabInputTextDiff && input.modified.toString() === preview?.toString();
}

/** Writes through a WorkspaceEdit, so that one undo takes it back. Does nothing to a text that has changed since. */
async function write({ uri, before, edits }: Proposal): Promise<boolean> {
  const document = await openAt(uri);
  if (textOf(document).text !== before) {
    const again = vscode.l10n.t(
      'The file has changed since the preview was made, so nothing was written. Apply again to see the new preview.',
    );
    void vscode.window.showWarningMessage(again);
    return false;
  }
  if (await vscode.workspace.applyEdit(workspaceEdit(document, edits))) {
    void tick('apply');
    return true;
  }
  return refuse(vscode.l10n.t('VS Code refused the change to {0}. Is the file read-only?', visible(uri.path))) ?? false;
}
