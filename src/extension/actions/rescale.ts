import * as vscode from 'vscode';
import type { Given } from '../arguments';
import { exportCheck, type OnResults } from '../export/export-check';
import { applyPlan } from '../panel/file-actions';
import type { Previews } from '../panel/preview';
import type { Inventory } from '../recipes/scan/inventory';
import { choosePlan } from './choose-plan';

/** "Rescale to another alpha": asks for what is not given, shows what would be written, and writes it. */
export async function rescale(previews: Previews, inventory: Inventory, asked: Given): Promise<void> {
  const chosen = await choosePlan(inventory, asked, vscode.l10n.t('Rescale which config?'));
  if (chosen) await applyPlan(chosen, previews);
}

/** "Export PyTorch check": asks for what is not given, and writes a Python file. */
export async function exportCheckOf(inventory: Inventory, asked: Given, onResults: OnResults): Promise<void> {
  const chosen = await choosePlan(inventory, asked, vscode.l10n.t('Check which config with PyTorch?'));
  if (chosen) await exportCheck({ ...chosen, plan: chosen.plan.id }, onResults);
}
