import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { syntaxOf, parseText } from '../../src/config/syntax/parse';
import type { TreeSyntax } from '../../src/config/reading';
import { check } from './checks';

/** A LoRA config around the text of a file, as far as its syntax lets one stand in the other. */
const WRAPS: Partial<Record<TreeSyntax, (text: string) => string>> = {
  json: (text) => `{"peft_type": "LORA", "r": 8, "lora_alpha": 16, "x": ${text}}`,
  yaml: (text) => `base_model: m\nadapter: lora\nlora_r: 8\nlora_alpha: 16\nlearning_rate: 2e-4\nx:\n${indented(text)}`,
  toml: (text) => `network_module = "networks.lora"\nnetwork_dim = 8\nlearning_rate = 1e-4\n${text}`,
};
const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');

/** Whether the file's own name says that it is right or wrong; null where it says neither. */
function promised(path: string): boolean | null {
  const name = basename(path);
  if (/^y_/.test(name) || /[\\/]valid[\\/]/.test(path)) return true;
  if (/^n_/.test(name) || /[\\/]invalid[\\/]/.test(path)) return false;
  return null;
}

function filesIn(folder: string): string[] {
  if (!statSync(folder).isDirectory()) return [folder];
  return readdirSync(folder)
    .toSorted()
    .flatMap((name) => filesIn(join(folder, name)));
}

function main(folders: readonly string[]): number {
  if (folders.length === 0) {
    process.stderr.write('usage: suites DIR…\n');
    return 64;
  }
  let [files, texts, slowest, broken] = [0, 0, 0, 0];
  const disagreements: string[] = [];
  for (const path of folders.flatMap(filesIn)) {
    const syntax = syntaxOf(path);
    if (syntax === null || syntax === 'notebook') continue;
    files += 1;
    const text = readFileSync(path, 'utf8');
    const promise = promised(path);
    if (promise !== null && parseText(text, syntax).ok !== promise) {
      disagreements.push(`${promise ? 'refused though right' : 'read though wrong'}: ${path}`);
    }
    const wrap = WRAPS[syntax];
    for (const tried of [text, ...(wrap ? [wrap(text), `${text}\n${wrap('')}`] : []), ...inner(path, text, wrap)]) {
      texts += 1;
      const started = performance.now();
      try {
        check({ text: tried, path }, 4);
      } catch (error) {
        broken += 1;
        process.stdout.write(`${path}: ${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
      }
      slowest = Math.max(slowest, performance.now() - started);
    }
  }
  process.stdout.write(`${disagreements.join('\n')}\n`);
  const counts = `${files} files in ${texts} texts, ${broken} broken, slowest ${slowest.toFixed(0)} ms`;
  process.stdout.write(`${counts}; ${disagreements.length} disagreements with the names of the files\n`);
  return broken === 0 ? 0 : 1;
}

/** The texts that yaml-test-suite keeps in one file with what they mean: `yaml: |` and what is indented below it. */
function inner(path: string, text: string, wrap: ((text: string) => string) | undefined): string[] {
  if (!/\.ya?ml$/.test(path)) return [];
  const blocks = [...text.matchAll(/^ {2}yaml: \|\d*\n((?: {4}.*\n|\n)*)/gm)].map(([, block = '']) =>
    block
      .replace(/^ {4}/gm, '')
      .replaceAll('␣', ' ')
      .replace(/—*»/g, '\t')
      .replaceAll('↵', '')
      .replaceAll('∎\n', '')
      .replaceAll('←', '\r')
      .replaceAll('⇔', '\uFEFF'),
  );
  return blocks.flatMap((block) => (wrap ? [block, wrap(block), `${wrap('')}\n${block}`] : [block]));
}

process.exitCode = main(process.argv.slice(2));
