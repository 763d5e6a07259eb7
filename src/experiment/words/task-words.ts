import * as l10n from '@vscode/l10n';
import type { ExperimentSpec } from '../spec';

const TASK_WORDS: Readonly<Record<ExperimentSpec['task'], (kind: 'LoRA' | 'DoRA', layers: number) => string>> = {
  linear: (kind) => l10n.t`one ${kind} layer`,
  mlp: (kind, layers) => (layers === 1 ? l10n.t`one ${kind} layer` : l10n.t`${countWords(layers)} ${kind} layers`),
  transformer: (kind) => l10n.t`one transformer block with ${kind}`,
};

/** What a task trains. */
export function taskWords({ task, useDora, sizes }: Pick<ExperimentSpec, 'task' | 'useDora' | 'sizes'>): string {
  return TASK_WORDS[task](useDora ? 'DoRA' : 'LoRA', sizes?.layers ?? 2);
}

const COUNTS: Readonly<Record<number, string>> = { 2: l10n.t('two'), 3: l10n.t('three'), 4: l10n.t('four') };

function countWords(count: number): string {
  return COUNTS[count] ?? String(count);
}
