import * as l10n from '@vscode/l10n';
import type { ExperimentSpec } from '../spec';

const TASK_WORDS: Readonly<Record<ExperimentSpec['task'], (kind: 'LoRA' | 'DoRA', layers: number) => string>> = {
  linear: (kind) => l10n.t`one ${kind} layer`,
  mlp: (kind, layers) => `${countWords(layers)} ${kind} ${layers === 1 ? 'layer' : 'layers'}`,
  transformer: (kind) => l10n.t`one transformer block with ${kind}`,
};

/** What a task trains. */
export function taskWords({ task, useDora, sizes }: Pick<ExperimentSpec, 'task' | 'useDora' | 'sizes'>): string {
  return TASK_WORDS[task](useDora ? 'DoRA' : 'LoRA', sizes?.layers ?? 2);
}

function countWords(count: number): string {
  return ['no', 'one', 'two', 'three', 'four'][count] ?? String(count);
}
