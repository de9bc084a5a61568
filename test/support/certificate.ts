import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A key and its self-signed certificate, both as PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

const day = 86_400_000;

/** DER (X.690): a tag, the length of the content, the content. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const longForm = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...(length < 128 ? [length] : longForm)]), content]);
}

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const objectId = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const octets = (content: Uint8Array) => der(0x04, content);
const bits = (content: Uint8Array) => der(0x03, Buffer.from([0]), content);
const utf8 = (text: string) => der(0x0c, Buffer.from(text));
const isTrue = der(0x01, Buffer.from([0xff]));
/** UTCTime, `YYMMDDhhmmssZ`, as RFC 5280 wants it for dates before 2050. */
const utcTime = (time: number) =>
  der(0x17, Buffer.from(`${new Date(time).toISOString().replace(/\D/g, '').slice(2, 14)}Z`));
const commonName = (name: string) => sequence(der(0x31, sequence(objectId('550403'), utf8(name))));

const ecdsaWithSha256 = sequence(objectId('2a8648ce3d040302'));
/** Node takes a certificate as its own issuer only where it is marked as that of an authority. */
const isAuthority = sequence(objectId('551d13'), isTrue, octets(sequence(isTrue)));

function alternativeNames(names: readonly string[]): Buffer {
  const dnsNames = names.map((name) => der(0x82, Buffer.from(name)));
  return sequence(objectId('551d11'), octets(sequence(...dnsNames)));
}

/**
 * Makes a key (P-256) and a certificate for DNS names, valid for a day, in about a millisecond and without openssl. A key that
 * lay in the repository would sooner or later be trusted somewhere, and secret scanners report it.
 * @see RFC 5280, section 4.1
 */
export function createCertificate(names: readonly [string, ...string[]]): KeyAndCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = Date.now();
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    // A first byte of 1 keeps the number positive and its encoding the shortest.
    der(0x02, Buffer.from([1]), randomBytes(8)),
    ecdsaWithSha256,
    commonName(names[0]),
    sequence(utcTime(now - day), utcTime(now + day)),
    commonName(names[0]),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(isAuthority, alternativeNames(names))),
  );
  const certificate = sequence(signed, ecdsaWithSha256, bits(sign('sha256', signed, privateKey)));
  const lines = certificate.toString('base64').replace(/.{1,64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`,
  };
}

/** The certificate of `registry.example` and all below it that the servers of one test file share. */
export const registryCertificate: KeyAndCertificate = createCertificate(['registry.example', '*.registry.example']);
