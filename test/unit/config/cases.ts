import { readFileSync } from 'node:fs';
import path from 'node:path';
import { notebookFile } from '../../support/notebook';

/**
 * Cases of one text each: a heading, `#### train.py not exact: a floor of the rate`, and the text.
 *
 * - `exact`, `not exact`: whether the first plan for alpha 64 may be called exact.
 * - `told`: after `----` stand the findings, the changes of the first plan at four times alpha, and the diff of the
 *   rewrite, or why nothing is written. `UPDATE_CASES=1` writes them anew.
 *
 * In a text, `TRAIN` stands for a command, and `%%` between two cells of a notebook.
 */
export const TRAIN =
  'accelerate launch train_network.py --network_module=networks.lora --network_dim=8 --learning_rate=1e-4 --optimizer_type=AdamW --max_grad_norm=0 --lr_scheduler=constant';

export interface Case {
  file: string;
  kind: string;
  title: string;
  text: string;
  told: string;
}

export function casesIn(name: string): Case[] {
  const [, ...blocks] = readFileSync(pathOf(name), 'utf8').split(/^#### /m);
  return blocks.map((block): Case => {
    const [, file = '', kind = '', title = '', body = ''] =
      /^(\S+) (exact|not exact|told): ([^\n]*)\n(.*)$/s.exec(block) ?? [];
    const [text = '', told = ''] = body.split(/^----\n/m);
    return { file, kind, title, text, told };
  });
}

export const pathOf = (name: string): string => path.join(import.meta.dirname, 'cases', name);

export function sourceOf({ file, text }: Case): string {
  const whole = text.replaceAll('TRAIN', TRAIN);
  if (!file.endsWith('.ipynb')) return whole;
  return notebookFile(whole.split(/^%%\n/m).map((source) => ({ kind: 'code', source: source.trimEnd() })));
}

export const CASES = ['scripts', 'settings', 'names', 'writing', 'reading', 'flags', 'notebooks', 'completed'].map(
  (name) => `${name}.txt`,
);
