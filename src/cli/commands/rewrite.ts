import { isAbsolute, relative } from 'node:path';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { includesRate, outsideChanges, outsideWords } from '../../config/planned';
import { rewriteConfig } from '../../config/rewrite';
import { applyEdits } from '../../config/write/edits';
import type { PlanId } from '../../recipe/plans/plan';
import { EXIT, type ExitCode, nothing, usage } from '../failure';
import { chooseRecipe, planOf, plansOf, type RecipeOptions, targetLabel, targetOf } from '../files/config-file';
import { STDIN, writeText } from '../files/files';
import { caveatTexts, codeText } from '../output/changes-text';
import { caveatJson, changeJson, findingJson, json, notUnderstoodJson } from '../output/json';
import { remarkTexts } from '../output/reading-text';
import { type Paint, wrap } from '../output/text';
import type { Terminal } from '../terminal';

interface RewriteOptions extends RecipeOptions {
  plan?: PlanId;
  write?: boolean;
  acceptGuess?: boolean;
}

/** `rewrite FILE --alpha N`: the smallest change to the file, as a unified diff; `--write` makes it. */
export async function rewriteCommand(path: string, options: RewriteOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.write && path === STDIN) throw usage('--write needs a file; standard input cannot be written to');
  const chosen = await chooseRecipe(path, options.network);
  const { file, reading, recipe, index } = chosen;
  const guess = options.acceptGuess ? null : (recipe.guess ?? null);
  if (options.write && guess !== null) {
    throw nothing(`${file.path}: ${guess} Nothing was written; if it is right, say --accept-guess.`);
  }
  const target = targetOf(options);
  const plans = plansOf(chosen, target, options.digits);
  const plan = planOf(plans, options.plan, file.path);
  const digits = options.digits === undefined ? {} : { digits: options.digits };
  const outcome = rewriteConfig(file.text, reading, index, target, plan.id, digits);
  if ('refusal' in outcome) throw nothing(`${file.path}: ${outcome.refusal.message}`);
  const text = applyEdits(file.text, outcome.edits);
  if (text === file.text) {
    throw nothing(
      `${file.path}: says all this already (${targetLabel(recipe, plans.target)}); there is nothing to rewrite`,
    );
  }
  const diff = unifiedDiff(path, file.text, text);
  const written = options.write === true;
  const left = outsideChanges(plan);
  const exitCode = includesRate(left) ? EXIT.nothing : EXIT.done;
  if (written) await writeText(file, text);
  if (options.json) {
    const { findings, notUnderstood } = reading;
    terminal.out(
      json({
        file: file.path,
        diff,
        written,
        exactness: plan.exactness,
        code: plan.code,
        changes: plan.configChanges.map(changeJson),
        left: left.map(({ key, factor }) => ({ key, factor })),
        findings: findings.map(findingJson),
        caveats: plan.caveats.map(caveatJson),
        notUnderstood: notUnderstood.map(notUnderstoodJson),
      }),
    );
    return exitCode;
  }
  terminal.exact(paintDiff(diff, terminal.paint));
  const remarks = [
    ...remarkTexts(reading.findings, terminal.notePaint),
    ...caveatTexts(plan, reading, terminal.notePaint),
  ];
  terminal.note(remarks.map((text) => `${text}\n`).join(''));
  if (guess !== null) terminal.note(`${guess} --write wants --accept-guess.\n`);
  if (plan.code !== null) terminal.note(codeText(plan, terminal.notePaint));
  if (left.length > 0) {
    const lead = `Not in ${file.path}, so move it where it is set: ${outsideWords(left)}. An alpha without them is another run.`;
    terminal.note(`${terminal.notePaint('yellow', wrap(lead))}\n`);
  }
  if (written) terminal.note(`${file.path} was rewritten.\n`);
  return exitCode;
}

/** A unified diff that `git apply` and `patch -p1` take: `a/FILE`, `b/FILE`, three lines of context. */
export function unifiedDiff(path: string, before: string, after: string): string {
  const name = nameInDiff(path);
  return createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
}

/** Green for what comes, red for what goes. */
export function paintDiff(diff: string, paint: Paint): string {
  return diff
    .split('\n')
    .map((line) => {
      if (/^(---|\+\+\+) /.test(line)) return paint('bold', line);
      if (line.startsWith('@@')) return paint('cyan', line);
      if (line.startsWith('+')) return paint('green', line);
      return line.startsWith('-') ? paint('red', line) : line;
    })
    .join('\n');
}

/** From the current folder where the file lies below it, so that the diff applies from there. */
function nameInDiff(path: string): string {
  if (path === STDIN) return 'stdin';
  const name = isAbsolute(path) ? relative(process.cwd(), path) : path;
  return (name.startsWith('..') ? path : name).replaceAll('\\', '/').replace(/^(\.?\/)+/, '');
}
