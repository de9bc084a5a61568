/** Where a rule comes from. ECS's own text and the model are known refusals; documentation alone is advice. */
export type Evidence =
  /** What ECS answers, as users have quoted it. */
  | { readonly ecs: string }
  /** The part of the service's model. */
  | { readonly model: string }
  /** The address of a page. */
  | { readonly documentation: string }
  /** Why it can never work, even if ECS accepts it. */
  | { readonly impossible: string };

/** A rule that a task definition can break. */
export interface RuleInfo {
  /** What must be so, in one sentence. */
  readonly says: string;
  readonly evidence: Evidence;
}

/** The rules of one topic, by their names. */
export type Rules = Readonly<Record<string, RuleInfo>>;

export const ecs = (says: string, text: string): RuleInfo => ({ says, evidence: { ecs: text } });
export const model = (says: string, part: string): RuleInfo => ({ says, evidence: { model: part } });
export const impossible = (says: string, why: string): RuleInfo => ({ says, evidence: { impossible: why } });

const site = 'https://docs.aws.amazon.com/AmazonECS/latest';

/** A page of the Amazon ECS API Reference, by the name of the structure. */
export const api = (says: string, structure: string): RuleInfo => ({
  says,
  evidence: { documentation: `${site}/APIReference/API_${structure}.html` },
});

/** A page of the Amazon ECS Developer Guide. */
export const guide = (says: string, page: string): RuleInfo => ({
  says,
  evidence: { documentation: `${site}/developerguide/${page}.html` },
});

/** Only what ECS is known to refuse stops a rendering or a deployment. */
export const levelOf = (evidence: Evidence): 'error' | 'warning' => ('documentation' in evidence ? 'warning' : 'error');
