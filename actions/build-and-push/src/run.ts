import { ActionError } from '../../../shared/errors';
import type { Context, Outcome } from '../../../shared/host/run-action';
import type { definition, Outputs } from './definition';
import type { Destination } from './engine';
import type { Plan } from './plan';
import { RegistryClient } from './registry/client';
import { explainRegistryError } from './registry/errors';

/** Builds and pushes, or gives the image that is there already its tags. */
export async function run(plan: Plan, context: Context): Promise<Outcome<typeof definition>> {
  const { registry, repository, tags } = plan;
  const client = new RegistryClient({ ...registry, ...context });
  const destination = { client, credentials: registry.credentials, host: registry.host, repository, tags };
  try {
    const sent = await carryOut(plan, destination, context);
    const digest = await confirm(destination, sent);
    const outputs = outputsOf(plan, digest);
    context.log.info(`${plan.decision.act === 'skip' ? 'there already' : 'pushed'}: ${outputs.IMAGE}`);
    return { outputs, summary: summaryOf(plan, digest) };
  } catch (error) {
    throw explainRegistryError(error, registry.host, repository) ?? error;
  } finally {
    client.close();
  }
}

/** The digest of the image that the tags are for. */
async function carryOut(
  { engine, order, decision }: Plan,
  destination: Destination,
  { log }: Context,
): Promise<string> {
  if (decision.act === 'skip') {
    log.info(`nothing is built: ${decision.because}`);
    await addTags(destination, decision.digest, decision.add);
    return decision.digest;
  }
  const built = await engine.build(order, destination);
  log.info(`pushing to ${destination.host}/${destination.repository}`);
  return built.push();
}

async function addTags({ client, repository }: Destination, digest: string, tags: readonly string[]): Promise<void> {
  if (tags.length === 0) return;
  const manifest = await client.manifest(repository, digest);
  if (!manifest) throw new ActionError(`cannot tag ${repository}@${digest}: the registry does not have it any more`);
  for (const tag of tags) await client.putManifest(repository, tag, manifest);
}

/** The digest that the registry answers for every tag. @throws ActionError when one is another image. */
async function confirm({ client, host, repository, tags }: Destination, sent: string): Promise<string> {
  for (const tag of tags) {
    const answered = await client.resolve(repository, tag);
    if (answered === sent) continue;
    const found = answered ? `answers ${answered} for it` : 'does not have it';
    const next = 'another push may have taken the tag; run again';
    throw new ActionError(
      `cannot confirm ${host}/${repository}:${tag}: ${sent} was sent, but the registry ${found}; ${next}`,
    );
  }
  return sent;
}

function outputsOf({ registry, repository, tags, decision }: Plan, digest: string): Outputs & { IMAGE: string } {
  return {
    IMAGE: `${registry.host}/${repository}@${digest}`,
    'image-uri': `${registry.host}/${repository}:${tags[0]}`,
    'image-digest': digest,
    'image-tags': tags.join(','),
    registry: registry.host,
    repository,
    skipped: String(decision.act === 'skip'),
  };
}

function summaryOf({ registry, repository, tags, decision, engine }: Plan, digest: string): string {
  const how =
    decision.act === 'skip' ? `Nothing was built: ${decision.because}.` : `Built with ${engine.title} and pushed.`;
  return `${how}\n\n- Image: \`${registry.host}/${repository}@${digest}\`\n- Tags: ${tags.map((tag) => `\`${tag}\``).join(', ')}`;
}
