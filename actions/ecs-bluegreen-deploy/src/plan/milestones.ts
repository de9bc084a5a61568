/** What can be waited for, in the order in which it is reached. */
export const milestones = ['none', 'test-traffic', 'traffic-shifted', 'completed'] as const;
export type Milestone = (typeof milestones)[number];

/** Whether a milestone lies at or beyond another one. */
export const isAtLeast = (reached: Milestone, wanted: Milestone): boolean =>
  milestones.indexOf(reached) >= milestones.indexOf(wanted);

/** The further of two milestones: what was reached stays reached. */
export const further = (a: Milestone, b: Milestone): Milestone => (isAtLeast(a, b) ? a : b);
