/**
 * The world in which each break has shown before, by its seed or its name: it is played first. Where it does not show any more, as
 * worlds change with the product, another one is searched for.
 */
export const shownIn: Readonly<Record<string, number | string>> = {
  'a stopped deployment of CodeDeploy is a success': 1,
  'a failed deployment of CodeDeploy is a success': 53,
  'a rollback of ECS is a success': 6,
  'a stopped deployment of ECS is still on its way': 5,
  'a rollback that has begun is done': 49,
  'a rollback that failed is done': 'a rollback goes wrong',
  'a rollback exits with 0': 1,
  'a time-out exits with 0': 15,
  'every end is told as a success': 1,
  'a service deployment has shifted its traffic when it begins to': 10,
  'time is up at half time': 15,
  'time is up at double the time': 4,
  'the oldest service deployment is watched': 3,
  'of several deployments of one revision, the newest is watched': 1012268,
  'a service deployment that is not found at first is not looked for again':
    'a deployment whose id AWS did not tell within half a minute was stopped, and the run did not see it',
  'a deployment that follows the one to adopt begins without its one-off task': 1012813,
  'CodeDeploy has shifted the traffic when it begins to': 34,
  'whatever CodeDeploy deploys is adopted': 'somebody deploys while the registration hangs',
  'whatever ECS deploys is adopted': 'somebody updates the service while the registration hangs',
  'the second read before UpdateService is skipped': 37,
  'a lost answer is not looked for':
    'a registration whose answer was lost was made again, as another run had registered something else since',
  'a change is sent again whatever has happened meanwhile':
    'an update of the service that AWS throttled replaced what another run had begun to deploy meanwhile',
  'nobody speaks while AWS does not answer': 'a run said nothing for minutes while its reads hung one after the other',
  'what was sent and not answered was not done':
    'a forced run that may not list deployments made one more for each answer that was lost',
  'a deployment that is not seen at the deadline is stopped': 'AWS takes a stop, but no read, when the time is up',
  'a signal leaves the one-off task running': 'a signal comes while the one-off task runs',
  'a signal is heard late': 'a signal comes while the creation hangs, and all that follows',
  'a revision that is there is registered again':
    'a run deployed again what another run had deployed while its reads hung',
  'the service gets the revision that it has': 44,
  'another revision is told than is deployed': 'an answer {} of DescribeTaskDefinition was an unexpected error',
  'nobody looks again before a success': 38,
  'what was reached before the last look counts after it': 1048880,
  'every time-out is rolled back': 'a crash loop was read ever more slowly, until the world counted as standing still',
  'every signal rolls back': 29,
  'every active deployment is stopped': 'somebody deploys while the registration hangs',
  'a container that is not behind the load balancer is deployed':
    'the container is not the one behind the load balancer',
  'an answer without the deployments that were asked for is one of none':
    'a list of deployments without its list was read as none, and an active deployment was replaced',
  'a dry run deploys': 'a dry run on a good day',
  'a one-off task that failed is as good as one that worked': 6,
  'silence for ten minutes': 'a crash loop was read ever more slowly, until the world counted as standing still',
  'a request may hang for ever': 'a run deployed again what another run had deployed while its reads hung',
  'the body of an answer may stall for ever': 18,
  'AWS is asked without end': 59,
};
