import { readEcrHost } from '../../../../shared/aws/arn';
import type { Finding } from '../../../../shared/errors';
import { shown } from '../../../../shared/excerpt';
import { type ImageReference, parseImageReference } from '../../../../shared/image/reference';
import { isTrustedInput } from './trusted-hosts';

/** What the inputs say of the image's names. */
export interface NamingInputs {
  readonly repository: string;
  readonly registry: string | undefined;
  /** Tags, and full references such as `host/team/app:v1`. */
  readonly tags: readonly string[] | undefined;
  readonly push: boolean;
}

/** The same with the full references taken apart. */
export interface ImageNames extends Omit<NamingInputs, 'push'> {
  /** The image is not of ECR; it is only built then. */
  readonly foreign: boolean;
  readonly findings: readonly Finding[];
}

type Named = Required<Pick<ImageReference, 'host' | 'repository' | 'tag'>>;

/**
 * Reads the names of the image as docker/metadata-action and docker/build-push-action write them: full references in `tags`
 * stand for `registry` and `repository`, which may then be left out. A reference without a tag has `latest`, as in Docker.
 *
 * @param endpoint the endpoint of ECR that the environment names
 */
export function readImageNames(given: NamingInputs, endpoint: URL | undefined): ImageNames {
  const texts = (given.tags ?? []).filter(isReference);
  if (texts.length === 0) return { ...given, foreign: false, findings: [] };
  const plain = (given.tags ?? []).filter((tag) => !isReference(tag));
  const findings: Finding[] = [];
  const refuse = (where: string, problem: string) => findings.push({ where, problem });
  const references: Named[] = [];
  for (const text of texts) {
    const read = readReference(text);
    if ('problem' in read) refuse('tags', read.problem);
    else references.push(read);
  }
  const isOfEcr = ({ host }: Named) => isTrustedInput(host, endpoint);
  const foreign = references.filter((one) => !isOfEcr(one));
  if (given.push) for (const one of foreign) refuse('tags', `${shown(nameOf(one))} ${notPushed}`);
  const places = new Set(references.filter((one) => !given.push || isOfEcr(one)).map(nameOf));
  if (places.size > 1) refuse('tags', `are of several repositories (${[...places].join(', ')}); ${oneOnly}`);
  const [first] = references;
  if (!first) return { ...given, tags: plain, foreign: false, findings };
  if (given.repository && given.repository !== first.repository) {
    refuse(
      'repository',
      `is ${shown(given.repository)}, but tags name ${shown(first.repository)}; set only one of them`,
    );
  }
  if (given.registry !== undefined && !isSameRegistry(given.registry, first.host)) {
    refuse('registry', `is ${shown(given.registry)}, but tags name ${shown(first.host)}; set only one of them`);
  }
  return {
    repository: first.repository,
    registry: first.host,
    tags: [...new Set([...references.map(({ tag }) => tag), ...plain])],
    foreign: foreign.length > 0,
    findings,
  };
}

const notPushed = 'is not in Amazon ECR, the only registry that this action pushes to; push it in a step of its own';
const oneOnly = 'this action pushes to one: use a step for each';

/** A tag has neither a slash nor a colon. */
const isReference = (tag: string) => /[/:]/.test(tag);

const nameOf = ({ host, repository }: Named) => `${host}/${repository}`;

/** A name without a host is one of Docker Hub. */
function readReference(text: string): Named | { readonly problem: string } {
  const read = parseImageReference(text);
  if ('problem' in read) return { problem: `${shown(text)} is not an image: it ${read.problem}` };
  const { host = 'docker.io', repository, tag = 'latest', digest } = read;
  if (digest) return { problem: `${shown(text)} has a digest, which is known only after the push; use a tag` };
  const isOfficial = read.host === undefined && !repository.includes('/');
  return { host, repository: isOfficial ? `library/${repository}` : repository, tag };
}

function isSameRegistry(registry: string, host: string): boolean {
  const plain = registry
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/$/, '');
  return plain === host || readEcrHost(host)?.account === plain;
}
