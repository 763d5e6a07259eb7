import { applyEdits } from '../../src/config/write/edits';
import { planConfig, type ConfigPlan } from '../../src/config/planned';
import { readConfig, type ConfigReading } from '../../src/config/read';

import { rewriteConfig } from '../../src/config/rewrite';

/** A fixture as it is, or one way to rewrite it. */
export interface Case {
  /** For people: `qlora.yml, alpha 64, symmetric`. */
  label: string;
  /** The fixture's file name. */
  name: string;
  /** A folder of its own, so that files of one name do not meet. */
  folder: string;
  /** What the judge is to read; null where the rewriting was refused. */
  text: string | null;
  /** What we read in `text`. */
  reading: ConfigReading;
  /** The plan that was written, and for which recipe; null for the fixture as it is. */
  plan: ConfigPlan | null;
  recipe: number;
  refusal: string | null;
}

/** Powers of two are written without rounding; a third is not, and falls between whole alphas. */
const FACTORS = [4, 1 / 3];

/** The fixture as it is, and rewritten to several alphas by every plan, for each of its recipes. Foreign files have none. */
export function casesOf(name: string, text: string): Case[] {
  const reading = readConfig(text, name);
  if (!reading.isLora) return [];
  const asItIs: Case = { label: name, name, folder: 'as-it-is', text, reading, plan: null, recipe: 0, refusal: null };
  const rewrites = reading.recipes.flatMap(({ alpha }, recipe) => {
    const targets = FACTORS.flatMap((factor) => [alpha * factor, Math.max(1, Math.round(alpha * factor))]);
    return [...new Set(targets)].flatMap((target) => rewritesTo(asItIs, recipe, target));
  });
  return [asItIs, ...rewrites];
}

function rewritesTo(asItIs: Case, recipe: number, target: number): Case[] {
  const { name, reading } = asItIs;
  const text = asItIs.text ?? '';
  const { plans, refusal } = planConfig(text, reading, recipe, target);
  const to = `${reading.recipes.length > 1 ? `recipe ${recipe}, ` : ''}alpha ${target}`;
  if (refusal) return [{ ...asItIs, label: `${name}, ${to}`, text: null, recipe, refusal: refusal.code }];
  return plans.map((plan): Case => {
    const label = `${name}, ${to}, ${plan.id}`;
    const folder = `${recipe}-${target}-${plan.id}`;
    const result = rewriteConfig(text, reading, recipe, target, plan.id, {});
    const own = { ...asItIs, label, folder, recipe };
    if ('refusal' in result) return { ...own, text: null, refusal: result.refusal.code };
    const after = applyEdits(text, result.edits);
    return { ...own, text: after, reading: readConfig(after, name), plan, refusal: null };
  });
}
