import * as vscode from 'vscode';
import { given } from '../arguments';
import type { Answers, Core } from '../core';
import { applyPlan } from '../apply/apply-plan';
import { choosePlan } from '../apply/choose-plan';

export function registerActions({ previews, inventory }: Core): Answers<'rescale'> {
  return {
    /** "Rescale to another alpha": asks for what is not given, shows what would be written, and writes it. */
    async rescale(what, network, alpha) {
      const asked = given(what, network, alpha);
      const chosen = asked && (await choosePlan(inventory, asked, vscode.l10n.t('Rescale which config?')));
      if (chosen) await applyPlan(chosen, previews);
    },
  };
}
