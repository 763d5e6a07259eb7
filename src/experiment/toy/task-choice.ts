/** The models that can be chosen. A separate file, because the settings need it before the rest is loaded. */
export const TASK_CHOICES = ['auto', 'linear', 'mlp', 'transformer'] as const;
export type TaskChoice = (typeof TASK_CHOICES)[number];
