import { planJson } from '../changes-json';
import { codeText, headerText, planText } from '../changes-text';
import { chooseRecipe, plansOf } from '../config-file';
import { EXIT, type ExitCode } from '../exit-codes';
import { json, type Terminal } from '../terminal';

export interface PlanOptions {
  alpha: number;
  network?: string;
  digits?: number;
  json?: boolean;
}

/** `plan FILE --alpha N`: the ways to run the config at another alpha, best first. */
export async function planCommand(path: string, options: PlanOptions, terminal: Terminal): Promise<ExitCode> {
  const chosen = await chooseRecipe(path, options.network);
  const { k, plans } = plansOf(chosen, options.alpha, options.digits);
  if (options.json) {
    terminal.out(json({ k, plans: plans.map(planJson) }));
    return EXIT.done;
  }
  const { paint } = terminal;
  const parts = plans.map((plan) => `${planText(plan, options.alpha, paint)}${codeText(plan, paint)}`);
  terminal.out(
    [headerText(chosen.file.path, chosen.reading, chosen.recipe, options.alpha, k, paint), ...parts].join('\n'),
  );
  return EXIT.done;
}
