import type { Aws } from '../../../../shared/aws/clients';
import { isRefusal } from '../../../../shared/aws/errors';
import { ActionError } from '../../../../shared/errors';
import { deploysService, type Group, type GroupNames, type ReadResult, type ServiceNames } from '../plan/current-state';
import { readOrMissing, whyUnread } from './reads';

/** Which group is searched for. */
export interface GroupQuery extends ServiceNames {
  readonly application: string | undefined;
  readonly group: string | undefined;
}

/**
 * Finds the deployment group of a service: the one that is named; else the one under the names that the ECS console
 * gives; else, where the role may search, the only one that deploys this service.
 */
export async function findGroup(aws: Aws, query: GroupQuery): Promise<ReadResult<Group>> {
  const { application = `AppECS-${query.cluster}-${query.service}` } = query;
  const { group = `DgpECS-${query.cluster}-${query.service}` } = query;
  const named = await readGroup(aws, { application, name: group });
  if (query.application && query.group) return named;
  // The names of the console are those of two services where a cluster's name ends in "-" and the beginning of a service's.
  if ('found' in named && deploysService(named.found.info, query)) return named;
  const search = await searchIfAllowed(aws, query);
  // A group that was named is not replaced by another one; the others help to find the mistake.
  if (query.group && 'found' in search && search.found.length === 0) return wrongGroup(aws, query, named);
  if ('found' in search && search.found.length === 1) return { found: search.found[0]! };
  if ('found' in named) return named;
  if (!('found' in search))
    return { missing: `${reasonOf(named)}, and others cannot be searched (${reasonOf(search)})` };
  const names = search.found.map(({ application, name }) => `${application}/${name}`).join(', ');
  const why = names ? `several deploy this service: ${names}` : 'no other one deploys this service';
  return { missing: `${reasonOf(named)}, and ${why}; set codedeploy-application and codedeploy-deployment-group` };
}

async function wrongGroup(aws: Aws, query: GroupQuery, named: ReadResult<Group>): Promise<ReadResult<Group>> {
  if ('found' in named) return named;
  const search = await searchIfAllowed(aws, { ...query, group: undefined });
  const others = 'found' in search ? search.found.map(({ application, name }) => `${application}/${name}`) : [];
  const why =
    others.length > 0 ? `the service is deployed by ${others.join(', ')}` : 'no other one deploys this service';
  const where = query.application ?? 'any application';
  const next = 'set codedeploy-application and codedeploy-deployment-group';
  return { missing: `there is no deployment group ${query.group} of this service in ${where}, and ${why}; ${next}` };
}

/** A role made for the built-in action may not search; any other failure is not an answer. */
async function searchIfAllowed(aws: Aws, query: GroupQuery): Promise<ReadResult<Group[]>> {
  try {
    return { found: await searchGroups(aws, query) };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { unknown: whyUnread(error) };
  }
}

const reasonOf = (result: ReadResult<unknown>) =>
  'missing' in result ? result.missing : 'unknown' in result ? result.unknown : '';

/** Reads a deployment group by its names. */
export async function readGroup(aws: Aws, { application, name }: GroupNames): Promise<ReadResult<Group>> {
  const codedeploy = await aws.codedeploy();
  return readOrMissing(
    async () => {
      const request = { applicationName: application, deploymentGroupName: name };
      const { deploymentGroupInfo } = await codedeploy.getDeploymentGroup(request);
      return { application, name, info: deploymentGroupInfo! };
    },
    {
      ApplicationDoesNotExistException: `there is no application ${application}`,
      DeploymentGroupDoesNotExistException: `there is no deployment group ${name} in application ${application}`,
      // The names of long services by convention are longer than CodeDeploy takes (100 characters).
      InvalidApplicationNameException: `${application} is not a valid application name`,
      InvalidDeploymentGroupNameException: `${name} is not a valid deployment group name`,
    },
  );
}

/** Every group, in the applications that come into question, that deploys the service. */
async function searchGroups(aws: Aws, query: GroupQuery): Promise<Group[]> {
  const applications = query.application ? [query.application] : await listApplications(aws);
  const groups: Group[] = [];
  for (const application of applications) {
    const names = await listGroups(aws, application);
    const chosen = query.group === undefined ? names : names.filter((name) => name === query.group);
    groups.push(...(await readGroups(aws, application, chosen)));
  }
  return groups.filter(({ info }) => deploysService(info, query));
}

async function listApplications(aws: Aws): Promise<string[]> {
  const codedeploy = await aws.codedeploy();
  return allNames('applications', codedeploy.paginateListApplications({}, pagination), (page) => page.applications);
}

async function listGroups(aws: Aws, applicationName: string): Promise<string[]> {
  const codedeploy = await aws.codedeploy();
  const pages = codedeploy.paginateListDeploymentGroups({ applicationName }, pagination);
  const names = await readOrMissing(() => allNames('deployment groups', pages, (page) => page.deploymentGroups), {
    ApplicationDoesNotExistException: '',
  });
  return 'found' in names ? names.found : [];
}

/** Pages that are asked for: with 100 names each, ten times what an account may have (quota of CodeDeploy: 1,000). */
const mostPages = 100;

/** A repeated token would be followed without end; the SDK would stop there silently. */
const pagination = { stopOnSameToken: false };

/** The names on all pages of a list. @throws ActionError where the list does not end */
async function allNames<P extends { readonly nextToken?: string | undefined }>(
  what: string,
  pages: AsyncIterable<P>,
  namesOf: (page: P) => readonly string[] | undefined,
): Promise<string[]> {
  const all: string[] = [];
  let token: string | undefined;
  let count = 0;
  for await (const page of pages) {
    all.push(...(namesOf(page) ?? []).slice(0, batch));
    if (!page.nextToken) return all;
    count += 1;
    if (page.nextToken === token || count === mostPages) break;
    token = page.nextToken;
  }
  const why = `its list of ${what} does not end`;
  const next = 'set codedeploy-application and codedeploy-deployment-group';
  throw new ActionError(`cannot search CodeDeploy for the deployment group: ${why}; ${next}`);
}

/** BatchGetDeploymentGroups takes 100 names, and lists have as many a page. */
const batch = 100;

async function readGroups(aws: Aws, application: string, names: readonly string[]): Promise<Group[]> {
  const codedeploy = await aws.codedeploy();
  const groups: Group[] = [];
  for (let at = 0; at < names.length; at += batch) {
    const deploymentGroupNames = names.slice(at, at + batch);
    const answer = await codedeploy.batchGetDeploymentGroups({ applicationName: application, deploymentGroupNames });
    for (const info of answer.deploymentGroupsInfo ?? []) {
      groups.push({ application, name: info.deploymentGroupName!, info });
    }
  }
  return groups;
}
