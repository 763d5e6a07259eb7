import * as vscode from 'vscode';
import { choosePlan } from '../apply/choose-plan';
import { given } from '../arguments';
import type { Answers, Core } from '../core';
import { exportCheck } from './export-check';
import { openResults } from './open-results';

export function registerExport({ panels, inventory, onResults }: Core): Answers<'exportCheck' | 'openResults'> {
  return {
    /** "Export PyTorch check": asks for what is not given, and writes a Python file. */
    async exportCheck(what, network, alpha) {
      const asked = given(what, network, alpha);
      const title = vscode.l10n.t('Check which config with PyTorch?');
      const chosen = asked && (await choosePlan(inventory, asked, title));
      if (chosen) await exportCheck({ ...chosen, plan: chosen.plan.id }, onResults);
    },
    async openResults(what) {
      const asked = given(what);
      if (asked) await openResults(panels, inventory, asked);
    },
  };
}
