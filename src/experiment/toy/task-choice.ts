/** Which model may be asked for. A file of its own, which the settings read before anything else is loaded. */
export const TASK_CHOICES = ['auto', 'linear', 'mlp', 'transformer'] as const;
export type TaskChoice = (typeof TASK_CHOICES)[number];
