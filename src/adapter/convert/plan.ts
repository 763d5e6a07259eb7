import * as l10n from '@vscode/l10n';
import type { Adapter, AdapterModule, Layout } from '../adapter';
import { factorsOf, spectrumOf, usedFor } from '../factors';
import type { Wrong } from '../files/safetensors';
import { stemsIn } from '../layouts/places';
import type { Goal } from './goal';
import { refusalOf } from './refuse';

/** What becomes of one module. ΔW = scaling · B·A stays, so B is multiplied by `factor`. */
export interface Job {
  readonly module: AdapterModule;
  /** What stands in front of the parts of its keys. */
  readonly stem: string;
  readonly rank: number;
  /** What the layout says of alpha. */
  readonly alpha: number;
  /** What B·A was multiplied by, and will be. */
  readonly from: number;
  readonly to: number;
  readonly factor: number;
}

export interface Plan {
  readonly layout: Layout;
  readonly useRslora: boolean;
  readonly jobs: readonly Job[];
  readonly notes: readonly string[];
}

/** Layouts that hold no alpha, so that the scaling goes into B. */
const WITHOUT_ALPHA: readonly Layout[] = ['diffusers', 'diffusers-old', 'ai-toolkit'];

/** Which rank, alpha and factor each module gets, or why it cannot. */
export async function planConversion(adapter: Adapter, goal: Goal): Promise<Plan | Wrong> {
  const refused = refusalOf(adapter, goal);
  if (refused !== null) return { wrong: refused };
  const layout = goal.to ?? adapter.layout;
  const stems = goal.to && goal.to !== adapter.layout ? stemsIn(adapter, goal.to) : null;
  if (stems && 'wrong' in stems) return stems;
  const isPeft = layout === 'peft';
  if (!isPeft && goal.rslora) return { wrong: l10n.t('Only PEFT knows rsLoRA; elsewhere alpha holds it.') };
  if (WITHOUT_ALPHA.includes(layout) && (goal.alpha !== undefined || goal.scaling !== undefined)) {
    return { wrong: l10n.t`${layout} holds no alpha: its scaling is 1.` };
  }
  const ranks = await ranksOf(adapter, goal, layout);
  if ('wrong' in ranks) return ranks;
  const useRslora = isPeft && (goal.rslora ?? (!goal.portable && adapter.config?.useRslora === true));
  const root = (rank: number): number => (useRslora ? Math.sqrt(rank) : rank);
  const scalings = adapter.modules.map((module) => scalingBefore(module, goal));
  const isMixed = new Set(scalings).size > 1;
  const jobs = adapter.modules.map((module, i): Job => {
    const from = scalings[i] ?? 1;
    const rank = ranks.of(module);
    const isOne = goal.portable === true || WITHOUT_ALPHA.includes(layout) || (layout === 'mlx' && isMixed);
    const said = goal.alpha === 'rank' ? rank : goal.alpha;
    const alpha = said ?? (isOne ? rank : alphaFor(module, rank, (goal.scaling ?? from) * root(rank)));
    const to = isOne && said === undefined ? 1 : alpha / root(rank);
    // The same scaling by another way of computing it must not round B.
    const factor = Math.abs(from / to - 1) < 1e-14 ? 1 : from / to;
    return { module, stem: stems?.get(module) ?? `${module.prefix}${module.name}`, rank, alpha, from, to, factor };
  });
  return { layout, useRslora, jobs, notes: notesOf(adapter, goal, jobs) };
}

/** Alpha as it is said, where rounding alone would change it. */
const alphaFor = ({ alpha, rank: before }: AdapterModule, rank: number, computed: number): number => {
  if (alpha !== null && before === rank && Math.abs(computed / alpha - 1) < 1e-14) return alpha;
  const whole = Math.round(computed);
  return Math.abs(computed / whole - 1) < 1e-14 ? whole : computed;
};

const scalingBefore = ({ scaling, rank }: AdapterModule, { assumeAlpha }: Goal): number =>
  scaling ?? (assumeAlpha === 'rank' ? 1 : (assumeAlpha ?? rank) / rank);

interface Ranks {
  of: (module: AdapterModule) => number;
}

async function ranksOf({ modules }: Adapter, goal: Goal, layout: Layout): Promise<Ranks | Wrong> {
  const most = Math.max(...modules.map(({ rank }) => rank));
  if (goal.keep !== undefined) {
    let rank = 1;
    for (const module of modules) {
      const factors = await factorsOf(module);
      const spectrum = factors && spectrumOf(factors);
      if (!spectrum) return { wrong: l10n.t`${module.name} has numbers that are not finite.` };
      rank = Math.max(rank, usedFor(spectrum.sigma, goal.keep));
    }
    return { of: () => rank };
  }
  if (goal.rank !== undefined) {
    const { rank } = goal;
    return { of: () => rank };
  }
  return { of: goal.portable === true || layout === 'mlx' ? () => most : (module) => module.rank };
}

function notesOf({ config, modules, faults }: Adapter, goal: Goal, jobs: readonly Job[]): string[] {
  const grows = jobs.some(({ module, rank }) => rank > module.rank);
  const alphas = jobs.map(({ alpha }) => alpha);
  return [
    ...(goal.portable === true && modules.some(({ biasB }) => biasB)
      ? [l10n.t('B has biases (lora_bias), which vLLM, SGLang and llama.cpp drop.')]
      : []),
    ...(grows && faults.some(({ code }) => code === 'needs-base')
      ? [l10n.t`The init ${config?.init ?? ''} cannot be drawn without the base model: new rows of A are Kaiming's.`]
      : []),
    ...(alphas.some((alpha) => !Number.isInteger(alpha))
      ? [l10n.t('Alpha is no whole number, which Ollama refuses.')]
      : []),
  ];
}
