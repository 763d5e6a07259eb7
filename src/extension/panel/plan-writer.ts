import type * as vscode from 'vscode';
import type { AppliedView, PanelView } from '../../messages/panel';
import { CODE_FILE, applyPlan, createCodeFile, insertCode, takeBack, writeCodeName } from '../apply/apply-plan';
import type { ChosenPlan, Written } from '../apply/apply-plan';
import type { Previews } from '../apply/preview';
import type { Outlook } from './outlook';

interface Applied extends Written {
  alpha: number;
  network: number;
  /** The code is in its file or the script. */
  isCodePlaced: boolean;
  isNamed: boolean;
}

/** What one panel writes into its file, one change at a time: the question before it, and what is still to be done. */
export function planWriter(uri: () => vscode.Uri, previews: Previews, changed: () => void) {
  let asked: PanelView['proposal'] = null;
  let isPlacing = false;
  let last: Applied | null = null;

  return {
    async apply(chosen: ChosenPlan): Promise<void> {
      let mine: PanelView['proposal'] = null;
      const written = await applyPlan(chosen, previews, ({ what, remark }) => {
        asked = mine = { what, remark };
        changed();
      });
      // A newer question may have taken the place of this one.
      if (asked === mine) asked = null;
      const { network, target } = chosen;
      if (written) last = { ...written, alpha: target.alpha, network, isCodePlaced: false, isNamed: false };
      changed();
    },
    answer: (write: boolean): void => {
      if (asked) previews.answer(write);
    },
    async undo(): Promise<void> {
      if (last && (await takeBack(uri(), last))) last = null;
      changed();
    },
    async placeCode(into: 'new-file' | 'script'): Promise<void> {
      if (!last?.code || last.isCodePlaced || isPlacing) return;
      const [file, written] = [uri(), last];
      isPlacing = true;
      try {
        const isPlaced = await (into === 'script' ? insertCode : createCodeFile)(file, last.code);
        const isNaming = isPlaced && last === written && into === 'new-file' && written.codeName;
        const named = isNaming ? await writeCodeName(file, written.network, written) : null;
        // Undo, or another change, may have come meanwhile.
        if (isPlaced && last === written) last = { ...written, ...named, isCodePlaced: true, isNamed: named !== null };
      } finally {
        isPlacing = false;
      }
      changed();
    },
    /** What there is to show while the file says this. */
    view(outlook: Outlook | null): { proposal: PanelView['proposal']; applied: AppliedView | null } {
      const isIn = last !== null && last.alpha === outlook?.recipe.alpha && last.network === outlook.network;
      return { proposal: asked, applied: isIn && last ? appliedView(last, /\.(py|ipynb)$/i.test(uri().path)) : null };
    },
  };
}

function appliedView(applied: Applied, isScript: boolean): AppliedView {
  const { what, outside, code, codeName, isCodePlaced, isNamed } = applied;
  const configLine = codeName ? `${codeName.key.label}: [${codeName.item}]` : '';
  const codeFile = code === null || isScript ? null : { name: CODE_FILE, configLine, needs: codeName?.needs ?? '' };
  return { what, outside, code, codeFile, isCodePlaced, isNamed, canInsert: code !== null && isScript };
}
