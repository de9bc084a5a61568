import type { Random } from './random';

/** The text of a request. By its memory: the SDK's own byte arrays warn when they are turned into text. */
export const textOf = (body: unknown): string =>
  ArrayBuffer.isView(body)
    ? Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
    : String(body ?? '');

/** Which call a request is, by the protocols of AWS. */
export function callOf(request: { readonly headers: Readonly<Record<string, string>>; readonly body?: unknown }) {
  const body = textOf(request.body);
  const target = request.headers['x-amz-target'] ?? request.headers['X-Amz-Target'];
  if (target === undefined) {
    const operation = /(?:^|&)Action=(\w+)/.exec(body)?.[1] ?? 'Unknown';
    const service = operation === 'GetCallerIdentity' ? 'sts' : 'elasticloadbalancing';
    return { call: `${service}:${operation}`, isQuery: true, deployment: undefined };
  }
  const [prefix = '', operation = ''] = target.split('.');
  const service = services.find(([name]) => prefix.startsWith(name))?.[1] ?? prefix;
  return { call: `${service}:${operation}`, isQuery: false, deployment: subjectOf(body) };
}

const services = [
  ['AmazonEC2ContainerService', 'ecs'],
  ['AmazonEC2ContainerRegistry', 'ecr'],
  ['CodeDeploy', 'codedeploy'],
  ['Logs', 'logs'],
  ['GraniteService', 'cloudwatch'],
] as const;

/** The deployment that a request names. */
const subjectOf = (body: string): string | undefined =>
  /"(?:deploymentId|serviceDeploymentArns?)":\s*\[?"([^"]+)"/.exec(body)?.[1];

type Failure = 'throttle' | 'unavailable' | 'html' | 'expired' | 'denied' | 'skewed';

/** How AWS, or what stands before it, answers when it does not do what was asked. */
export function failureOf(kind: Failure, call: string, isQuery: boolean) {
  const { status, code, message } = failures[kind];
  if (kind === 'html') return { status, body: '<html><body><h1>502 Bad Gateway</h1></body></html>', type: 'text/html' };
  const text = message.replace('%', call);
  const name = isQuery ? code.replace(/Exception$/, '') : code;
  return isQuery
    ? {
        status,
        type: 'text/xml',
        body: `<ErrorResponse><Error><Code>${name}</Code><Message>${text}</Message></Error></ErrorResponse>`,
      }
    : { status, type: 'application/x-amz-json-1.1', body: JSON.stringify({ __type: name, message: text }) };
}

const failures: Readonly<
  Record<Failure, { readonly status: number; readonly code: string; readonly message: string }>
> = {
  throttle: { status: 400, code: 'ThrottlingException', message: 'Rate exceeded' },
  unavailable: { status: 503, code: 'ServerException', message: 'Service Unavailable' },
  html: { status: 502, code: '', message: '' },
  expired: {
    status: 400,
    code: 'ExpiredTokenException',
    message: 'The security token included in the request is expired',
  },
  skewed: { status: 403, code: 'InvalidSignatureException', message: 'Signature expired: it is not of this time' },
  denied: {
    status: 400,
    code: 'AccessDeniedException',
    message: 'User is not authorized to perform: % on resource: *',
  },
};

/** Fields that the models of AWS call optional and that it does leave out now and then. */
const optional = new Set([
  ...['statusReason', 'errorInformation', 'completeTime', 'startTime', 'deploymentOverview', 'rollbackMessage'],
  ...['events', 'rolloutStateReason', 'lifecycleStage', 'pendingCount', 'runningCount', 'failedTasks', 'stoppedReason'],
  ...['diagnostics', 'lastUpdatedAt', 'createdAt', 'createTime', 'finishedAt', 'startedAt', 'taskSetsInfo', 'alarms'],
  ...['deploymentCircuitBreaker', 'requestedTaskCount', 'runningTaskCount', 'pendingTaskCount'],
]);

/** The same answer without some of its optional fields. */
export function withoutFields(body: Buffer, random: Random): Buffer {
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== 'object' || value === null) return value;
    const kept = Object.entries(value).filter(([name]) => !optional.has(name) || random.chance(0.6));
    return Object.fromEntries(kept.map(([name, field]) => [name, strip(field)]));
  };
  return Buffer.from(JSON.stringify(strip(JSON.parse(body.toString('utf8')))));
}
