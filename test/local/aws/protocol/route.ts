import { AwsRefusal, type Service } from '../service';
import type { WireRequest } from '../wire';
import { type Codec, codecOf, json, query } from './codec';
import { type OperationShape, operationShape } from './shape';

/** Where a request goes. */
export interface Route {
  readonly service: Service;
  readonly operation: OperationShape;
}

/** A request that goes nowhere: the answer, and the protocol to write it in. */
export interface NoRoute {
  /** What was asked for. */
  readonly target: string;
  readonly codec: Codec;
  readonly refusal: AwsRefusal;
}

/** Finds the operation of a request by `X-Amz-Target`, or by `Action` and `Version` of the query protocol. */
export function routeOf(services: readonly Service[], { headers, body }: WireRequest): Route | NoRoute {
  const target = headers['x-amz-target'];
  if (target !== undefined) return jsonRoute(services, target);
  const form = new URLSearchParams(body);
  return queryRoute(services, form.get('Action') ?? '', form.get('Version') ?? '');
}

function jsonRoute(services: readonly Service[], target: string): Route | NoRoute {
  const [prefix, name = ''] = target.split('.');
  const service = services.find(({ protocol }) => 'json' in protocol && protocol.json.target === prefix);
  const operation = service && operationShape(service, name);
  if (service && operation) return { service, operation };
  return { target, codec: json, refusal: new AwsRefusal('UnknownOperationException', `no operation ${target}`) };
}

function queryRoute(services: readonly Service[], action: string, version: string): Route | NoRoute {
  const service = services.find(({ protocol }) => 'query' in protocol && protocol.query.version === version);
  const operation = service && operationShape(service, action);
  if (service && operation) return { service, operation };
  const words = `Could not find operation ${action} for version ${version || 'NO_VERSION_SPECIFIED'}`;
  return { target: action, codec: service ? codecOf(service) : query, refusal: new AwsRefusal('InvalidAction', words) };
}
