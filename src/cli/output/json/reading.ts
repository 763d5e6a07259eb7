import type { Finding, NotUnderstood, Reading, ReadRecipe, Stated } from '../../../config/reading';

/** What `read --json` says of one file. Ranges are left out: lines and columns are what people and scripts use. */
export function readingJson(file: string, reading: Reading): unknown {
  const { isLora, trainer, syntax, recipes, findings, source, isGuess, notUnderstood } = reading;
  return {
    file,
    isLora,
    trainer,
    syntax,
    ...(isGuess ? { isGuess } : {}),
    ...(source ? { source } : {}),
    recipes: recipes.map(recipeJson),
    findings: findings.map(findingJson),
    notUnderstood: notUnderstood.map(notUnderstoodJson),
  };
}

export function findingJson({ code, severity, message, line }: Finding): object {
  return { code, severity, message, line };
}

/** A part of the file that was not understood; `plan` and `check` carry them too. */
export function notUnderstoodJson({ line, source, why }: NotUnderstood): object {
  return { line, source, why };
}

/** Spelled out, key by key: this is a contract with other people's scripts. */
function recipeJson(recipe: ReadRecipe): unknown {
  const { name: word, row, betas, eps, weightDecay, momentum, nesterov, constants, options } = recipe.optimizer;
  const { unknown = null } = recipe.optimizer;
  return {
    name: recipe.name,
    rank: recipe.rank,
    alpha: recipe.alpha,
    scaling: recipe.scaling,
    scalingRule: recipe.scalingRule,
    useDora: recipe.useDora,
    learningRate: recipe.learningRate,
    lrA: recipe.lrA,
    lrB: recipe.lrB,
    loraplusLrRatio: recipe.loraplusLrRatio,
    optimizer: { name: word, row, unknown, eps, betas, weightDecay, momentum, nesterov, constants, options },
    maxGradNorm: recipe.maxGradNorm,
    ...(recipe.maxGradValue === undefined ? {} : { maxGradValue: recipe.maxGradValue }),
    scheduler: recipe.scheduler,
    warmup: recipe.warmup,
    dropout: recipe.dropout,
    init: recipe.init,
    targetModules: recipe.targetModules,
    stated: placesOf(recipe.stated),
    assumed: recipe.assumed,
    elsewhere: recipe.unresolved ?? {},
    ...(recipe.run === undefined ? {} : { run: recipe.run }),
  };
}

function placesOf(stated: ReadRecipe['stated']): Record<string, Omit<Stated, 'range' | 'key'>> {
  const places = Object.entries(stated).map(([key, { path, line, column }]) => [key, { path, line, column }] as const);
  return Object.fromEntries(places);
}
