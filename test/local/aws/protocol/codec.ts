import { AwsRefusal, type Service } from '../service';
import { readJson } from './read-json';
import { readQuery } from './read-query';
import { refuseMissing } from './required';
import { errorShape, type OperationShape } from './shape';
import { toJson } from './write-json';
import { element, escapeXml, toXml } from './write-xml';

/** How a protocol writes inputs, outputs and errors. */
export interface Codec {
  readonly contentType: string;
  /** @throws AwsRefusal where AWS would refuse the input by its form. */
  readInput(service: Service, operation: OperationShape, body: string): unknown;
  writeOutput(service: Service, operation: OperationShape, output: unknown): string;
  writeError(service: Service | undefined, refusal: AwsRefusal): { readonly status: number; readonly body: string };
}

export const codecOf = (service: Service): Codec => ('json' in service.protocol ? json : query);

/** Task definitions have fields of ECS that no SDK has yet, and ECS returns them. */
const isNewer = (operation: string) => /^(Register|Describe)TaskDefinition$/.test(operation);

export const json: Codec = {
  contentType: 'application/x-amz-json-1.1',
  readInput(service, { name, input }, body) {
    const value = readJson(input, parseJson(body), '', isNewer(name));
    refuseMissing(service, input, value);
    return value;
  },
  writeOutput: (_service, { name, output }, value) => JSON.stringify(toJson(output, value ?? {}, isNewer(name))),
  writeError(service, { code, message, status, fields }) {
    const shape = service && errorShape(service, code);
    const more = shape ? toJson(shape, fields) : fields;
    return { status, body: JSON.stringify({ __type: code, message, ...(more as object) }) };
  },
};

export const query: Codec = {
  contentType: 'text/xml',
  readInput(service, { input }, body) {
    const value = readQuery(input, new URLSearchParams(body));
    refuseMissing(service, input, value);
    return value;
  },
  writeOutput(service, { name, output }, value) {
    const result = element(`${name}Result`, toXml(output, value ?? {}));
    return `<${name}Response xmlns="${namespaceOf(service)}">${result}</${name}Response>`;
  },
  /** The code on the wire and the status of a modelled error stand in its schema. */
  writeError(service, refusal) {
    const shape = service && errorShape(service, refusal.code);
    const { awsQueryError, httpError } = (shape?.getMergedTraits() ?? {}) as ErrorTraits;
    const status = httpError ?? refusal.status;
    const parts: Record<string, string> = {
      Type: status < 500 ? 'Sender' : 'Receiver',
      Code: awsQueryError?.[0] ?? refusal.code,
      Message: refusal.message,
    };
    const elements = Object.entries(parts).map(([name, text]) => element(name, escapeXml(text)));
    const more = shape ? toXml(shape, refusal.fields) : '';
    return { status, body: element('ErrorResponse', element('Error', elements.join('') + more)) };
  },
};

interface ErrorTraits {
  readonly awsQueryError?: readonly [string, number];
  readonly httpError?: number;
}

function namespaceOf({ name, protocol }: Service): string {
  return `https://${name}.amazonaws.com/doc/${'query' in protocol ? protocol.query.version : ''}/`;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body === '' ? '{}' : body);
  } catch {
    throw new AwsRefusal('SerializationException', 'Unexpected token in the JSON of the request');
  }
}
