import { describe, expect, it } from '@jest/globals';
import { credentialsOf } from '../../../shared/host/credentials';
import { createLog, plainMark } from '../../../shared/host/log';
import { createSecrets } from '../../../shared/host/secrets';
import { fc } from '../../support/properties';

/** Has all that encodings change. */
const nasty = `wJalr/XUt+nFEMI "K7'MDENG" <b&P>x\`R$fi=CY\\ä`;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const encodings: [name: string, encode: (text: string) => string][] = [
  ['as it is', (text) => text],
  ['in upper case', (text) => text.toUpperCase()],
  ['in lower case', (text) => text.toLowerCase()],
  ['in base64', base64],
  ['in base64 behind one byte', (text) => base64(`u${text}`)],
  ['in base64 behind two', (text) => base64(`u:${text}`)],
  ['in base64 of a login', (text) => base64(`AWS:${text}\n`)],
  ['in base64url', (text) => Buffer.from(`>${text}?`).toString('base64url')],
  ['in base64 in an address', (text) => encodeURIComponent(base64(text))],
  ['as a part of an address', encodeURIComponent],
  [
    'as a part of an address, with lower-case escapes',
    (text) => encodeURIComponent(text).replace(/%../g, (one) => one.toLowerCase()),
  ],
  ['as a path', (text) => encodeURIComponent(text).replace(/%2F/g, '/')],
  ['as a form', (text) => new URLSearchParams({ v: text }).toString().slice(2)],
  ['in JSON', (text) => JSON.stringify(text).slice(1, -1)],
  ['in JSON in JSON', (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3)],
  ['in JSON of PHP', (text) => JSON.stringify(text).slice(1, -1).replace(/\//g, '\\/')],
  ['in JSON of Python', (text) => JSON.stringify(text).slice(1, -1).replace(/ä/g, '\\u00e4')],
  [
    'in JSON of Go',
    (text) =>
      JSON.stringify(text)
        .slice(1, -1)
        .replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
  ],
  [
    'in HTML',
    (text) =>
      text.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c]!),
  ],
  ['in hexadecimal', (text) => Buffer.from(text).toString('hex')],
  ['in upper-case hexadecimal', (text) => Buffer.from(text).toString('hex').toUpperCase()],
  ['in single quotes', (text) => text.replace(/'/g, `'\\''`)],
  ['in double quotes', (text) => text.replace(/["$`\\]/g, '\\$&')],
];

const masking = (...secrets: string[]) => createSecrets(() => secrets);

describe('a secret', () => {
  it.each(encodings)('is hidden %s', (_, encode) => {
    for (const secret of [nasty, 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', '12345678']) {
      const shown = masking(secret).hide(`before ${encode(secret)} behind`);
      expect(shown).toMatch(/^before [\w+/]{0,6}\*\*\*[\w+/=%]{0,9} behind$/);
    }
  });

  it('is hidden wherever and however often it stands', () => {
    const character = fc.constantFrom(...'ab/+=&<>"\'\\ %$`äİ');
    const word = fc.array(character, { minLength: 8, maxLength: 12 }).map((parts) => parts.join(''));
    const around = fc.array(character, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), around, around, (words, before, behind) => {
        const secrets = masking(...words);
        const shown = secrets.hide(words.map((one) => `${before}${one}${behind}`).join('|'));
        for (const one of words)
          if (one.trim().length > 3) expect(shown.toLowerCase()).not.toContain(one.toLowerCase());
      }),
    );
  });

  it('of several lines is hidden line by line, without indentation too', () => {
    const secrets = masking('{\n  "key": "first-line-of-it",\r\n\tsecond-line-of-it\n}');
    expect(secrets.hide('x "key": "first-line-of-it", y\nsecond-line-of-it')).toBe('x *** y\n***');
  });

  it('that is a credential is hidden where it was cut, from 16 characters on', () => {
    const secrets = masking('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY');
    expect(secrets.hide('got "wJalrXUtnFEMI/K7MDENG/bPx…"')).toBe('got "***…"');
    expect(secrets.hide('got "wJalrXUtnFEMI/K…"')).toBe('got "wJalrXUtnFEMI/K…"');
    secrets.add('//registry.npmjs.org/:_authToken=abc');
    expect(secrets.hide('GET https://registry.npmjs.org/left-pad')).toBe('GET https://registry.npmjs.org/left-pad');
  });

  it('leaves the text around it as it is, where lower case is longer than upper case', () => {
    expect(masking('secret-one').hide('İİİ SECRET-ONE İ')).toBe('İİİ *** İ');
  });

  it('costs no more with many of them, also where all begin alike', () => {
    const secrets = createSecrets();
    for (let at = 0; at < 2_000; at++) secrets.add(`common-start-of-many-${at}-${'x'.repeat(at % 50)}`);
    const text = 'a line of a log, common-start, and more of it\n'.repeat(1_000);
    // Each of the secrets compared with each of the 1,000 starts would be two million times.
    expect(comparisons(() => expect(secrets.hide(text)).toBe(text))).toBeLessThan(50_000);
  });
});

/** How often parts of texts are compared meanwhile. */
function comparisons(work: () => void): number {
  const { startsWith } = String.prototype;
  let count = 0;
  String.prototype.startsWith = function (...given) {
    count++;
    return startsWith.apply(this, given);
  };
  try {
    work();
  } finally {
    String.prototype.startsWith = startsWith;
  }
  return count;
}

describe('the credentials of the environment', () => {
  const value = 'glcbt-64_x9K2nQ';

  it.each([
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'AWS_SECURITY_TOKEN',
    'AWS_CONTAINER_AUTHORIZATION_TOKEN',
    'GITHUB_TOKEN',
    'GH_TOKEN',
    'ACTIONS_RUNTIME_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'CI_JOB_TOKEN',
    'CI_REGISTRY_PASSWORD',
    'CI_DEPLOY_PASSWORD',
    'CI_JOB_JWT_V2',
    'NPM_TOKEN',
    'NODE_AUTH_TOKEN',
    'CATALYST_TOKEN',
    'CATALYST_SECRETS_DEPLOY_KEY',
    'SYSTEM_ACCESSTOKEN',
  ])('are in %s', (name) => {
    expect(credentialsOf({ [name]: value })).toEqual([value]);
  });

  it.each([
    'AWS_ACCESS_KEY_ID',
    'AWS_REGION',
    'CI_COMMIT_SHA',
    'CI_CACHE_KEY',
    'ACTIONS_CACHE_URL',
    'MY_TOKEN',
    'GITHUB_SHA',
  ])('are not in %s', (name) => {
    expect(credentialsOf({ [name]: value })).toEqual([]);
  });

  it.each(['', 'short-1', 'embedded', 'localstack', 'minioadmin'])(
    'are not %j, which images are named by',
    (placeholder) => {
      expect(credentialsOf({ AWS_SECRET_ACCESS_KEY: placeholder })).toEqual([]);
    },
  );

  it('are in the address of a proxy', () => {
    expect(credentialsOf({ https_proxy: 'http://me:p%40ssw0rd-of-it@proxy:3128' })).toEqual([
      'p%40ssw0rd-of-it',
      'p@ssw0rd-of-it',
    ]);
    expect(credentialsOf({ HTTPS_PROXY: 'http://proxy:3128' })).toEqual([]);
  });

  it('are hidden from the first line on, and the host is not told of them', () => {
    const lines: string[] = [];
    const told: string[] = [];
    const log = createLog({
      colour: false,
      debug: true,
      env: { GITHUB_TOKEN: value },
      write: (line) => lines.push(line),
      mark: plainMark(false),
      announceSecret: (secret) => told.push(secret),
    });
    for (const say of [log.info, log.warn, log.error, log.debug])
      say(`got ${value}, ${value.slice(0, 8)}\u001b[0m${value.slice(8)}`);
    log.mask(value);
    log.hide('another-secret');
    log.info('another-secret');
    expect([lines, told]).toEqual([
      ['got ***, ***', 'Warning: got ***, ***', 'Error: got ***, ***', 'got ***, ***', '***'],
      [],
    ]);
  });
});
