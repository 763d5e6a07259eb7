import { rm } from 'node:fs/promises';
import { outsideChanges, outsideWords } from '../../config/planned';
import { rankConfig, rewriteRank } from '../../config/ranked';
import { rewriteConfig, type Rewriting } from '../../config/rewrite';
import { applyEdits } from '../../config/write/edits';
import type { PlanId } from '../../recipe/plans/plan';
import { rankCaveats } from '../../recipe/rank/plan';
import { noRuleWords } from '../../recipe/rank/rules';
import { EXIT, nothing, usage } from '../failure';
import {
  chooseRecipe,
  type ChosenRecipe,
  planOf,
  plansOf,
  type RecipeOptions,
  targetLabel,
  targetOf,
} from '../files/config-file';
import { type CodeFile, codeFileOf } from '../files/code-file';
import { STDIN, writeNew, writeText } from '../files/files';
import type { Ended } from '../files/several';
import { inTime } from '../limit';
import { caveatTexts, codeText } from '../output/changes-text';
import { paintDiff, unifiedDiff } from '../output/diff';
import { changeJson, notUnderstoodJson, rewriteJson } from '../../messages/answers';
import { remarkTexts } from '../output/reading-text';
import { listed } from '../parse-numbers';
import { paint, wrap } from '../output/text';
import { exact, note, tell } from '../terminal';

interface RewriteOptions extends RecipeOptions {
  plan?: PlanId;
  /** The rule for another rank. */
  rule?: string;
  write?: boolean;
  inPlace?: boolean;
  /** False for `--no-code`. */
  code?: boolean;
  acceptGuess?: boolean;
}

/** `rewrite FILE --alpha N`: the smallest change to the file, as a unified diff; `--write` makes it. */
export async function rewriteCommand(path: string, options: RewriteOptions): Promise<Ended> {
  const { write: written = false, rank, rule } = options;
  if (options.inPlace && !written) throw usage('--in-place says how --write writes; it must be given with it');
  if (written && path === STDIN) throw usage('--write needs a file; standard input cannot be written to');
  const chosen = await chooseRecipe(path, options.network);
  const { file, recipe } = chosen;
  const guess = options.acceptGuess ? null : (recipe.guess ?? null);
  if (written && guess !== null) {
    throw nothing(`${file.path}: ${guess} Nothing was written; if it is right, say --accept-guess.`);
  }
  const isRank = rank !== undefined && rank !== recipe.rank;
  if (!isRank && rule !== undefined) throw usage('--rule is for another rank; --rank must be given with it');
  if (isRank && [options.alpha, options.scaling, options.rslora].some((given) => given !== undefined)) {
    throw usage('--rank goes with --rule, which says what alpha becomes; --alpha, --scaling and --rslora do not');
  }
  const wanted = isRank ? rankRewriting(chosen, rank, rule) : alphaRewriting(chosen, options);
  const { plan, rewriting, document, opening, remarks } = wanted;
  if ('refusal' in rewriting) throw nothing(`${file.path}: ${rewriting.refusal.message}`);
  const edited = applyEdits(file.text, rewriting.edits);
  if (edited === file.text) throw nothing(`${file.path}: ${wanted.already}; there is nothing to rewrite`);
  const coded = 'code' in plan ? plan : null;
  const placed = !coded || options.code === false ? null : await codeFileOf(chosen, coded, edited);
  const text = placed?.text ?? edited;
  const diff = unifiedDiff(path, file.text, text);
  const left = outsideChanges(plan);
  const isNew = placed !== null && placed.before !== placed.code;
  if (written && isNew) await writeNew(placed.path, placed.code);
  if (written) {
    await writeText(file, text, options.inPlace).catch(async (error: unknown) => {
      // Code without its config is another run.
      if (isNew) await (placed.before === null ? rm(placed.path) : writeNew(placed.path, placed.before));
      throw error;
    });
  }
  // Without a learning rate that has to change elsewhere, the rewritten file is certainly another run.
  const isOther = left.some(({ field }) => field === 'learningRate' || field === 'loraplusLrRatio');
  const exitCode = isOther ? EXIT.nothing : EXIT.done;
  if (options.json) {
    const codeFile = coded && { codeFile: placed?.path ?? null };
    return { exitCode, document: { file: file.path, diff, written, ...codeFile, ...document } };
  }
  note(opening && `${wrap(opening)}\n`);
  // A plan without its code is another run, so that comes first.
  if (placed) tell(placedWords(placed, file.path, written));
  else if (coded?.code) tell('This plan needs code, which stands below and which --write does not place.');
  exact(paintDiff(diff));
  for (const remark of remarks) note(`${remark}\n`);
  if (guess !== null) tell(`${guess} --write wants --accept-guess.`);
  if (coded && !placed) note(codeText(coded));
  if (left.length > 0) {
    const where = `Not in ${file.path}, so move it where it is set: ${outsideWords(left)}.`;
    const without = isRank ? 'Without it this is another rule.' : 'An alpha without them is another run.';
    note(`${paint('yellow', wrap(`${where} ${without}`))}\n`);
  }
  if (written) tell(`${file.path} was rewritten.`);
  return { exitCode };
}

/** What is written for a plan, and what is said: before the diff, after it, or where nothing changes. */
function alphaRewriting(chosen: ChosenRecipe, options: RewriteOptions) {
  const { file, reading, recipe, index } = chosen;
  const { digits } = options;
  const target = targetOf(options);
  const plans = plansOf(chosen, target, digits);
  const plan = planOf(plans, options.plan, file.path);
  const rewritten = (): Rewriting => rewriteConfig(file.text, reading, index, target, plan.id, { digits });
  return {
    ...{ plan, rewriting: inTime(file.path, rewritten), document: rewriteJson(file.path, reading, plan), opening: '' },
    remarks: [...remarkTexts(reading.findings), ...caveatTexts(plan, reading)],
    already: `says all this already (${targetLabel(recipe, plans.target)})`,
  };
}

/** Another rank by a rule, which is not the same run. @throws Failure without a rule */
function rankRewriting(chosen: ChosenRecipe, rank: number, asked: string | undefined) {
  const { file, reading, recipe } = chosen;
  const { plans, refusal } = inTime(file.path, () => rankConfig(chosen, rank));
  if (refusal) throw nothing(`${file.path}: ${refusal.message}`);
  const rules = listed(plans.map((each) => each.rule));
  const plan = plans.find((each) => (asked === undefined ? each.claim === 'recommended' : each.rule === asked));
  if (!plan && asked !== undefined) throw usage(`--rule is "${asked}"; it must be ${rules}`);
  if (!plan) throw nothing(`${file.path}: ${noRuleWords(recipe) ?? ''} Or choose one with --rule: ${rules}`);
  const { rule, claim, title, source, from, to, configChanges } = plan;
  const left = outsideChanges(plan).map(({ key, factor }) => ({ key, factor }));
  const what = claim === 'recommended' ? 'A recommendation' : `Not recommended (${claim})`;
  const others = plans.filter((each) => each !== plan).map((each) => each.rule);
  const notUnderstood = reading.notUnderstood.map(notUnderstoodJson);
  return {
    ...{ plan, rewriting: inTime(file.path, () => rewriteRank(chosen, plan)), already: `has rank ${rank} already` },
    document: { rule, claim, source, from, to, changes: configChanges.map(changeJson), left, notUnderstood },
    opening: `${what}: ${title}. Another rank is another run: no numbers make it the same. ${source}`,
    remarks: [...rankCaveats(recipe), `Other rules: --rule ${listed(others)}.`].map((remark) => wrap(remark)),
  };
}

function placedWords({ path, code, before, needs }: CodeFile, config: string, isWritten: boolean): string {
  const there =
    before === code ? `${path} has it already` : isWritten ? `${path} was written` : `--write also writes ${path}`;
  return `This plan needs code: ${there}, and a line of ${config} names it (--no-code: neither). ${needs}`;
}
