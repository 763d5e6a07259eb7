import * as vscode from 'vscode';
import { CODE_FILE } from '../../config/init-code/placed';
import type { AppliedView, PanelView } from '../../messages/panel';
import { applyPlan, createCodeFile, insertCode, takeBack, writeCodeName } from '../apply/apply-plan';
import type { Applied, KeptChanges } from '../apply/kept-changes';
import type { Previews } from '../apply/preview';
import { notebookAt, openAt } from '../documents/cells';
import type { SourceText } from '../questions/read-text';
import type { Outlook } from './outlook';

/** What one panel writes into its file, one change at a time: the question before it, and what is still to be done. */
export function planWriter(
  uri: () => vscode.Uri,
  writing: { previews: Previews; kept: KeptChanges },
  changed: () => void,
) {
  const { previews, kept } = writing;
  let asked: PanelView['proposal'] = null;
  let isPlacing = false;
  /** The list was seen with something left to do, and so stays when that is done. */
  let isSeen = false;
  const last = (): Applied | null => kept.of(uri());

  return {
    async apply(chosen: Parameters<typeof applyPlan>[0]): Promise<void> {
      let mine: PanelView['proposal'] = null;
      await applyPlan(chosen, writing, ({ what, remark }) => {
        asked = mine = { what, remark };
        changed();
      });
      // A newer question may have taken the place of this one.
      if (asked === mine) asked = null;
      changed();
    },
    answer: (write: boolean): void => {
      if (asked) previews.answer(write);
    },
    async undo(): Promise<void> {
      const applied = last();
      if (applied && (await takeBack(uri(), applied))) kept.keep(uri(), null);
      changed();
    },
    async saveConfig(): Promise<void> {
      await ((await notebookAt(uri())) ?? (await openAt(uri()))).save();
    },
    finish(): void {
      const applied = last();
      if (applied) kept.keep(uri(), { ...applied, isDone: true });
    },
    async placeCode(into: 'new-file' | 'script'): Promise<void> {
      const [file, written] = [uri(), last()];
      if (!written?.code || isPlacing) return;
      isPlacing = true;
      try {
        const { code, network, codeName } = written;
        const inScript = async (): Promise<Applied | null> => ((await insertCode(file, code)) ? written : null);
        const placed = await (into === 'script' ? inScript() : createCodeFile(file, code, written));
        const isNaming = placed && last() === written && into === 'new-file' && codeName;
        const named = isNaming ? await writeCodeName(file, network, placed) : null;
        // Undo, or another change, may have come meanwhile.
        if (placed && last() === written)
          kept.keep(file, { ...placed, ...named, isCodePlaced: true, isNamed: named !== null });
      } finally {
        isPlacing = false;
      }
      changed();
    },
    /** What there is to show while the file says this. */
    view(
      outlook: Outlook | null,
      source: SourceText | null,
    ): { proposal: PanelView['proposal']; applied: AppliedView | null } {
      const applied = last();
      const isIn = applied?.alpha === outlook?.recipe.alpha && applied?.network === outlook?.network;
      const view = applied && isIn && !applied.isDone ? appliedView(applied, uri(), source) : null;
      isSeen = view !== null && (isSeen || !isComplete(view));
      return { proposal: asked, applied: isSeen ? view : null };
    },
  };
}

function appliedView(applied: Applied, uri: vscode.Uri, source: SourceText | null): AppliedView {
  const { what, outside, code, codeName, network } = applied;
  const isScript = /\.(py|ipynb)$/i.test(uri.path);
  // The reading knows of code that somebody has copied to its place; its first line tells this from other code of ours.
  const [head = ''] = (code ?? '').split('\n', 1);
  const isOurs = source?.reading.recipes[network]?.initFactors !== undefined;
  const isRead = isOurs && (source.code ?? source.text).includes(head);
  // The code of an earlier plan is there already, and named in the config.
  const isUpdate = source?.code !== undefined;
  const [isCodePlaced, isNamed] = [applied.isCodePlaced || isRead, applied.isNamed || isRead || isUpdate];
  const configLine = codeName ? `${codeName.key.label}: [${codeName.item}]` : '';
  const file = { name: CODE_FILE, configLine, needs: codeName?.needs ?? '', isUpdate };
  const codeFile = code === null || isScript ? null : file;
  const isHere = (one: { uri: vscode.Uri }): boolean => one.uri.toString() === uri.toString();
  const open = [...vscode.workspace.notebookDocuments, ...vscode.workspace.textDocuments].find(isHere);
  const isSaved = open?.isDirty !== true;
  return { what, outside, code, codeFile, isSaved, isCodePlaced, isNamed, canInsert: code !== null && isScript };
}

function isComplete({ outside, code, codeFile, isSaved, isCodePlaced, isNamed }: AppliedView): boolean {
  const isNameless = !codeFile || codeFile.configLine === '';
  return outside === '' && isSaved && (code === null || (isCodePlaced && (isNamed || isNameless)));
}
