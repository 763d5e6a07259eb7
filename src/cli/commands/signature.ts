import { configRecipe } from '../../config/plan/as-trained';
import type { Surroundings } from '../../recipe/recipe';
import { oneLine } from '../../recipe/visible';
import { EXIT, type ExitCode } from '../failure';
import { chooseRecipe, type ChosenRecipe } from '../files/config-file';
import { aboutWords } from '../output/changes-text';
import { filesOf } from '../files/several';
import { json, versioned } from '../../messages/answers';
import { namedRun, type NamedRun } from '../output/signature';
import { paint, wrap } from '../output/text';
import { out, print } from '../terminal';

/** `signature FILE…`: the name of each run, which is the same for the same run in any trainer's config. */
export async function signatureCommand(
  given: readonly string[],
  options: { network?: string; json?: boolean },
): Promise<ExitCode> {
  const named: (NamedRun & { chosen: ChosenRecipe })[] = [];
  for (const path of (await filesOf(given)).paths) {
    const first = await chooseRecipe(path, options.network);
    const all = options.network === undefined ? first.reading.recipes.map((_, index) => index) : [first.index];
    for (const index of all) {
      const config = configRecipe(first.text, first.reading, index);
      const chosen = { ...first, ...config };
      named.push({ ...namedRun(chosen), chosen });
    }
  }
  if (options.json) {
    print(
      json(named.map(({ chosen, ...run }) => versioned({ ...whoseJson(chosen), ...run, around: aroundOf(chosen) }))),
    );
  } else {
    out(named.map(signatureText).join('\n'));
  }
  return named.every(({ id }) => id !== null) ? EXIT.done : EXIT.nothing;
}

const whoseJson = ({ file, recipe }: ChosenRecipe): object => ({ file: file.path, recipe: recipe.name });

/** What decides the run beside the recipe, which is not in the signature. */
const aroundOf = ({ recipe }: ChosenRecipe): Surroundings => recipe.around ?? {};

function signatureText({ chosen, id, why, lines }: NamedRun & { chosen: ChosenRecipe }): string {
  const around = Object.entries(aroundOf(chosen)).map(([key, value]) => `${key} ${value}`);
  const parts = [
    `${paint('bold', oneLine(chosen.file.path))}  ${paint('dim', aboutWords(chosen))}`,
    id === null ? paint('yellow', wrap(`No signature. ${why ?? ''}`)) : paint('bold', id),
    ...lines.map((line) => `    ${oneLine(line)}`),
    ...(around.length === 0 ? [] : [paint('dim', wrap(`Not part of the signature: ${around.join(', ')}.`))]),
  ];
  return `${parts.join('\n')}\n`;
}
