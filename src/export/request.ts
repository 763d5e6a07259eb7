import type { ConfigRecipe } from '../config/compare/config-recipe';
import type { ConfigPlan, ConfigPlans } from '../config/planned';

/** What an export is made from: a recipe of a config, its plans, and the chosen one. */
export interface ExportRequest extends ConfigRecipe {
  /** The name of the config's file. */
  name: string;
  plans: ConfigPlans;
  plan: ConfigPlan;
}
