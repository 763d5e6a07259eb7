/** How many workers may train at once, unless the user says otherwise, and at most: each holds the frozen matrices. */
export const WORKERS = { usual: 4, most: 64 };
