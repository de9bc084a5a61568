/**
 * What an image is made of is wrong, by what the registry gave for it: asking again does not help. `message` reads on
 * from "cannot read the base image …: ".
 */
export class ImageFault extends Error {
  override readonly name = 'ImageFault';
}

/** A registry, or the way to it, that did not do what the protocol says. `message` is one line. */
export class RegistryTrouble extends Error {
  override readonly name = 'RegistryTrouble';

  /** @param next what the user can do about it */
  constructor(
    message: string,
    readonly next: string,
    options: { readonly transient?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.transient = options.transient ?? false;
  }

  /** Whether the same request may go well the next time. */
  readonly transient: boolean;
}

/** What the network does to a request that may go well the next time. */
const dropped = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

export const nextOnline = 'check the network of this machine and run again';
export const nextProxy = 'check the address of the registry and any proxy on the way';
const nextTrust = 'check the address, or name its authority in NODE_EXTRA_CA_CERTS';

const nextPlain = 'it is asked over https; check the address and the port, or use a builder that is set up for it';

/** How Node says that a certificate, or the encryption, is not what it should be. */
const untrusted = /^(?:CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_|ERR_TLS_|ERR_SSL_|EPROTO)/;

/** An error of a request, of its answer or of the answer's body, in words; one that is in words already is left alone. */
export function troubleOf(error: unknown): RegistryTrouble {
  if (error instanceof RegistryTrouble) return error;
  const { code = '', message = '', name } = error as NodeJS.ErrnoException;
  const said = message || code || 'the connection was dropped';
  const tell = (next: string, transient = false) => new RegistryTrouble(said, next, { transient, cause: error });
  // A proxy that refuses says itself what to do.
  if (name === 'ProxyRefusal') return tell('');
  if (dropped.has(code) || /^(no answer within|socket hang up|aborted)/.test(message)) return tell(nextOnline, true);
  // What OpenSSL says of an answer in clear text.
  if (/wrong version number|packet length too long|record layer failure/.test(message)) {
    return new RegistryTrouble('it does not speak TLS', nextPlain, { cause: error });
  }
  if (untrusted.test(code)) return tell(nextTrust);
  if (code.startsWith('HPE_')) {
    return new RegistryTrouble(`its answer is not valid HTTP (${said})`, nextProxy, { cause: error });
  }
  return tell(code === 'ENOTFOUND' ? nextOnline : nextProxy);
}
