import { fixesOf } from '../../../../src/config/write/fixes';
import { readFileSync } from 'node:fs';
import { applyEdits } from '../../../../src/config/write/edits';
import { planConfig } from '../../../../src/config/planned';
import { readConfig, type ConfigReading } from '../../../../src/config/read';
import type { ReadRecipe } from '../../../../src/config/reading';
import { rewriteConfig } from '../../../../src/config/rewrite';
import type { PlanId } from '../../../../src/recipe/plans/plan';

/** A config of one trainer under test/fixtures/trainers, and changes that are made to its text first. */
export class Fixture {
  readonly text: string;
  readonly reading: ConfigReading;

  constructor(
    /** `kohya/flux.toml` */
    readonly path: string,
    ...changes: readonly (readonly [from: string | RegExp, to: string])[]
  ) {
    const original = readFileSync(`test/fixtures/trainers/${path}`, 'utf8');
    this.text = changes.reduce((text, [from, to]) => {
      const changed = text.replace(from, to);
      if (changed === text) throw new Error(`${path} has no ${String(from)}`);
      return changed;
    }, original);
    this.reading = readConfig(this.text, path);
  }

  /** Recipe number `index`. */
  recipe(index = 0): ReadRecipe {
    const recipe = this.reading.recipes[index];
    if (!recipe) throw new Error(`${this.path}: no recipe; ${JSON.stringify(this.reading.findings)}`);
    return recipe;
  }

  codes(): string[] {
    return this.reading.findings.map(({ code }) => code);
  }

  /** Why there is no plan for this alpha. */
  refusal(alpha: number, index = 0): { code: string; message: string } | null {
    return planConfig(this.text, this.reading, index, alpha).refusal;
  }

  /** The text, rewritten to this alpha. */
  rewritten(alpha: number, plan: PlanId = 'symmetric', index = 0): string {
    const result = rewriteConfig(this.text, this.reading, index, alpha, plan);
    if ('refusal' in result) throw new Error(`${result.refusal.code}: ${result.refusal.message}`);
    return applyEdits(this.text, result.edits);
  }

  /** The lines of {@link rewritten} that the text does not have, without their indentation. */
  newLines(alpha: number, plan: PlanId = 'symmetric', index = 0): string[] {
    const before = new Set(this.text.split(/\r?\n/));
    return this.rewritten(alpha, plan, index)
      .split(/\r?\n/)
      .filter((line) => !before.has(line))
      .map((line) => line.trim());
  }

  /** The text after the first fix of the first finding of this code. */
  fixed(code: string): string {
    const finding = this.reading.findings.find((one) => one.code === code);
    const fix = finding && fixesOf(this.reading, finding)[0];
    if (!fix) throw new Error(`${this.path}: no fix for ${code}`);
    return applyEdits(this.text, fix.edits);
  }
}

/** Name, rank, alpha and scaling of every recipe. */
export function networksOf({ reading }: Fixture): unknown[] {
  return reading.recipes.map(({ name, rank, alpha, scaling }) => [name, rank, alpha, scaling]);
}
