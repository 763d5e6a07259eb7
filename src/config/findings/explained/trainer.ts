import type { Explanation } from './explanation';

/** Findings about what single trainers make of their files. */
export const TRAINER = {
  'argument-gone': {
    title: 'The assumed version of the trainer refuses this argument',
    text: 'Defaults and names are those of one version, which the finding names; under it this file stops. Under an older version it runs as it is read. Rename the argument when you update.',
  },
  'clip-key-by-version': {
    title: 'The clip threshold has moved to another key',
    text: 'Older and newer versions of the trainer read different keys, and neither takes notice of the other. Where both stand, only one of them clips. Keep the one of your version, or give both the same number.',
  },
  'layout-removed': {
    title: 'Current versions of the trainer refuse this layout',
    text: 'The file is read as the version it was written for. Newer ones stop on its keys and name those that took their place.',
  },
  'numbers-in-name': {
    title: 'A name repeats numbers of the run',
    text: 'A rewrite moves numbers, not names. A run that keeps the name of another is taken for it in logs, and may overwrite its checkpoints: give it a name of its own.',
  },
  'rank-per-expert': {
    title: 'Experts have a rank of their own',
    text: 'The rank of the experts is divided by how many of them are active, so their scaling is larger by as much. All scalings still move by one factor when alpha moves, so that a plan holds for all of them; the scaling shown is that of the other layers.',
  },
  'rate-groups': {
    title: 'Some parameters have a rate of their own',
    text: 'Their rates are multiples of the learning rate and move with it. A group for B alone is LoRA+ by another name.',
  },
  'redrawn-factors': {
    title: 'The factors are drawn anew during the run',
    text: 'ReLoRA merges B·A into the weights at each restart and draws a new A, at the size of a fresh init. A plan that divides the init needs that division at each restart; its code runs once. The plan that keeps the init needs none.',
  },
  'scaling-in-bf16': {
    title: 'The scaling is kept in bfloat16',
    text: 'A bfloat16 has eight bits, about three digits. alpha/rank is rounded to it unless it is one of the numbers it holds exactly, such as every power of two. Two runs that should be the same differ by up to 0.4 % in their scaling then.',
  },
  'several-adapters': {
    title: 'Other adapters train beside LoRA',
    text: 'They share the learning rate and have no scaling. A plan that moves the rate changes how they learn.',
  },
  'tied-factors': {
    title: 'One pair of factors serves all layers',
    text: 'The layers share A and B and are told apart by embeddings of their position, which train with the same rate and have no scaling. No plan keeps such a run exactly.',
  },
} satisfies Record<string, Explanation>;
