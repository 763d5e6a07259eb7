import type * as vscode from 'vscode';
import type { AppliedView, PanelView } from '../../messages/panel';
import { CODE_FILE, applyPlan, createCodeFile, insertCode, takeBack, writeCodeName } from '../apply/apply-plan';
import type { ChosenPlan, Written } from '../apply/apply-plan';
import type { Outlook } from './outlook';
import type { Previews } from '../apply/preview';

interface PlanWriterDeps {
  uri(): vscode.Uri;
  previews: Previews;
  changed(): void;
}

/** What a panel writes: the question before it, what was written, and what is still to be done. */
interface PlanWriter {
  apply(chosen: ChosenPlan): Promise<void>;
  answer(write: boolean): void;
  undo(): Promise<void>;
  placeCode(into: 'new-file' | 'script'): Promise<void>;
  /** What there is to show while the file says this. */
  view(outlook: Outlook | null): { proposal: PanelView['proposal']; applied: AppliedView | null };
}

interface PlacedCode {
  /** The code is in its file or the script. */
  isCodePlaced: boolean;
  isNamed: boolean;
}

/** The changes that one panel writes into its file, one at a time. */
export function planWriter({ uri, previews, changed }: PlanWriterDeps): PlanWriter {
  let asked: PanelView['proposal'] = null;
  let isPlacing = false;
  let last: (Written & PlacedCode & { alpha: number; network: number }) | null = null;

  return {
    async apply(chosen) {
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
    answer: (write) => {
      if (asked) previews.answer(write);
    },
    async undo() {
      if (last && (await takeBack(uri(), last))) last = null;
      changed();
    },
    async placeCode(into) {
      if (!last?.code || last.isCodePlaced || isPlacing) return;
      const [file, written] = [uri(), last];
      isPlacing = true;
      try {
        const isPlaced = into === 'script' ? await insertCode(file, last.code) : await createCodeFile(file, last.code);
        const named =
          isPlaced && last === written && into === 'new-file' && written.codeName
            ? await writeCodeName(file, written.network, written)
            : null;
        // Undo, or another change, may have come meanwhile.
        if (isPlaced && last === written) last = { ...written, ...named, isCodePlaced: true, isNamed: named !== null };
      } finally {
        isPlacing = false;
      }
      changed();
    },
    view(outlook) {
      const isIn = last !== null && last.alpha === outlook?.recipe.alpha && last.network === outlook.network;
      return { proposal: asked, applied: isIn && last ? appliedView(last, isScript(uri())) : null };
    },
  };
}

function namedIn(name: Written['codeName']): { configLine: string; needs: string } {
  return name ? { configLine: `${name.key.label}: [${name.item}]`, needs: name.needs } : { configLine: '', needs: '' };
}

function isScript({ path }: vscode.Uri): boolean {
  return /\.(py|ipynb)$/i.test(path);
}

function appliedView(
  { what, outside, code, codeName, isCodePlaced, isNamed }: Written & PlacedCode,
  canInsert: boolean,
): AppliedView {
  return {
    what,
    outside,
    code,
    codeFile: code === null || canInsert ? null : { name: CODE_FILE, ...namedIn(codeName) },
    isCodePlaced,
    isNamed,
    canInsert: code !== null && canInsert,
  };
}
