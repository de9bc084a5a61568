import { callOf } from '../../../shared/aws/call';
import { ActionError } from '../../../shared/errors';
import type { Context, Outcome } from '../../../shared/host/run-action';
import { escapeMarkdown, markdownCode } from '../../../shared/markdown';
import type { Destination } from './builders/builder';
import { compatibleOutputs } from './builders/compatible-outputs';
import { isWrittenTo } from './builders/external-cache';
import type { definition, Outputs } from './definition';
import { loginTo } from './ecr/login';
import { newestImages } from './ecr/newest-images';
import { createRepository, placeOf } from './ecr/repository';
import { checkScan, type ScanSubject } from './ecr/scan/check-scan';
import { decide } from './plan/decide-repository';
import type { Plan } from './plan/plan';
import { RegistryClient } from './registry/client';
import { explainRegistryError, isTagTaken } from './registry/errors';

/** What became of the image. */
type Done =
  | { readonly act: 'pushed'; readonly digest: string }
  /** An image that existed already has the tags now. */
  | { readonly act: 'reused'; readonly digest: string; readonly because: string }
  /** Built only, as asked. */
  | { readonly act: 'built' };

/** Builds and pushes, or gives the image that already exists its tags; then looks at its scan. */
export async function run(plan: Plan, context: Context): Promise<Outcome<typeof definition>> {
  const { registry, tags } = plan;
  const { repository } = plan.request;
  const client = new RegistryClient({ ...registry, ...context });
  const place = { client, ...loginOf(registry), host: registry.host, repository, tags };
  const destination: Destination = {
    ...place,
    ecrLogin: (host) => loginTo(host, context),
    ...(plan.request.push && { newest: newestIn(plan, context) }),
  };
  try {
    const done = await execute(plan, destination, context);
    if (done.act !== 'built') await confirm(destination, done.digest);
    const digest = done.act === 'built' ? undefined : done.digest;
    const outputs = {
      ...outputsOf(destination, done),
      ...(await compatibleOutputs(digest, destination, plan.spec, context)),
    };
    context.log.info(
      `${words[done.act]}: ${outputs.IMAGE ?? outputs['image-uri'] ?? outputs.imageid ?? 'an image without a name'}`,
    );
    if (done.act === 'built') return { outputs, summary: summaryOf(plan, done, outputs, []) };
    const { lines, failure } = await checkScan(scanOf(plan, done.digest), client, context);
    return { outputs, summary: summaryOf(plan, done, outputs, lines), ...(failure && { failure }) };
  } catch (error) {
    // A call of ECR explains itself.
    throw callOf(error) ? error : (explainRegistryError(error, registry.host, repository) ?? error);
  } finally {
    client.close();
  }
}

const loginOf = ({ credentials }: Plan['registry']) => (credentials ? { credentials } : {});

/** Only ECR tells when images were pushed. */
const newestIn =
  ({ request, registry }: Plan, context: Context): NonNullable<Destination['newest']> =>
  async (count) => {
    if (request.foreign || request.region === '') return [];
    return newestImages(await context.aws(request.region, context.signal).ecr(), placeOf(request, registry), count);
  };

const scanOf = ({ request, registry }: Plan, digest: string): ScanSubject => ({
  severity: request['scan-severity'],
  region: request.region,
  place: placeOf(request, registry),
  digest,
});

const words = { pushed: 'pushed', reused: 'already there', built: 'built and not pushed' } as const;

async function execute(plan: Plan, destination: Destination, context: Context): Promise<Done> {
  const { request, decision } = plan;
  if (decision.act === 'skip') return reuse(decision, destination, context);
  // A cache in the registry is written while building; else what cannot be built must leave no repository behind.
  const name = `${destination.host}/${destination.repository}`;
  const isCached = plan.spec['cache-to'].some((record) => isWrittenTo(name, record));
  const isNeededToBuild = plan.spec.cache === 'registry' || isCached;
  if (isNeededToBuild) await createMissing(plan, context);
  const endGroup = context.log.group(`Building with ${plan.builder.title}`);
  const built = await plan.builder.build(plan.spec, destination);
  endGroup();
  if (!request.push) return { act: 'built' };
  if (!isNeededToBuild) await createMissing(plan, context);
  context.log.info(`pushing to ${destination.host}/${destination.repository}`);
  try {
    return { act: 'pushed', digest: await built.push() };
  } catch (error) {
    return overtaken(error, plan, destination, context);
  }
}

async function createMissing({ create, request, registry }: Plan, context: Context): Promise<void> {
  if (!create) return;
  const ecr = await context.aws(request.region, context.signal).ecr();
  const isNew = await createRepository(ecr, placeOf(request, registry));
  if (isNew) context.log.info(`created the repository ${request.repository}`);
}

async function reuse(
  { digest, add, because }: Extract<Plan['decision'], { act: 'skip' }>,
  { client, repository }: Destination,
  { log }: Context,
): Promise<Done> {
  log.info(`nothing is pushed: ${because}`);
  const manifest = add.length > 0 ? await client.manifest(repository, digest) : undefined;
  if (add.length > 0 && !manifest) {
    throw new ActionError(`cannot tag ${repository}@${digest}: the registry does not have it any more; run again`);
  }
  for (const tag of add) await client.putManifest(repository, tag, manifest!);
  return { act: 'reused', digest, because };
}

/** Where another run has pushed a tag that cannot move while this one was building, the rule for such tags decides. */
async function overtaken(error: unknown, plan: Plan, destination: Destination, context: Context): Promise<Done> {
  if (!isTagTaken(error)) throw error;
  const { request, registry, tags } = plan;
  const ecr = await context.aws(request.region, context.signal).ecr();
  const now = await decide(ecr, request, registry, tags, context.log).catch(() => undefined);
  if (now?.tags.act === 'skip') {
    context.log.warn('another run has pushed the image while this one was building; that image is used');
    return reuse(now.tags, destination, context);
  }
  if (now?.tags.act !== 'refuse') throw error;
  throw new ActionError(`cannot push to ${destination.host}/${destination.repository}: ${now.tags.problem}`, {
    cause: error,
  });
}

/** Asks whether the registry answers the digest for every tag. @throws ActionError when one is another image. */
async function confirm({ client, host, repository, tags }: Destination, sent: string): Promise<void> {
  for (const tag of tags) {
    const answered = await client.resolve(repository, tag);
    if (answered === sent) continue;
    const found = answered ? `answers ${answered} for it` : 'does not have it';
    const next = 'another push may have taken the tag; run again';
    throw new ActionError(
      `cannot confirm ${host}/${repository}:${tag}: ${sent} was sent, but the registry ${found}; ${next}`,
    );
  }
}

/** An image that was not pushed has no digest that anybody else could use; it may have no name either. */
function outputsOf({ host, repository, tags }: Destination, done: Done): Outputs {
  if (tags.length === 0) return { skipped: 'false' };
  const name = `${host}/${repository}`;
  return {
    ...(done.act !== 'built' && { IMAGE: `${name}@${done.digest}`, 'image-digest': done.digest }),
    'image-uri': `${name}:${tags[0]}`,
    'image-tags': tags.join(','),
    registry: host,
    repository,
    skipped: String(done.act === 'reused'),
  };
}

function summaryOf({ builder, tags }: Plan, done: Done, outputs: Outputs, scan: readonly string[]): string {
  const how = {
    pushed: `Built with ${builder.title} and pushed.`,
    built: `Built with ${builder.title} and not pushed.`,
    reused: escapeMarkdown(`Nothing was pushed: ${'because' in done && done.because}.`),
  }[done.act];
  const facts = [
    `Image: ${markdownCode(outputs.IMAGE ?? outputs['image-uri'] ?? outputs.imageid ?? 'without a name')}`,
    ...(tags.length > 0 ? [`Tags: ${tags.map(markdownCode).join(', ')}`] : []),
    ...scan,
  ];
  return `${how}\n\n${facts.map((fact) => `- ${fact}`).join('\n')}`;
}
