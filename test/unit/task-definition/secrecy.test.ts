import { describe, expect, it } from '@jest/globals';
import { hideInWords, isSecretName } from '../../../shared/task-definition/secrecy';

describe('isSecretName', () => {
  it.each([
    'PASSWORD',
    'DB_PASSWORD',
    'dbPassword',
    'mysqlpassword',
    'PGPASS',
    'API_KEY',
    'apiKey',
    'APIKEY',
    'aws_secret_access_key',
    'AWSAccessKeyId',
    'github-token',
    'TOKENS',
    'google.credentials',
    'CLIENT_SECRET',
    'TLS_PRIVATE_KEY',
  ])('is true of %s', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each(['PORT', 'LOG_LEVEL', 'MONKEY', 'COMPASS', 'KEYBOARD', 'AUTHOR', 'HOST', 'awslogs-group', '', 'PINK'])(
    'is false of %j',
    (name) => {
      expect(isSecretName(name)).toBe(false);
    },
  );
});

describe('hideInWords', () => {
  it.each<[words: string[], shown: string[]]>([
    [
      ['a', '--password=x', 'b'],
      ['a', '--password=***', 'b'],
    ],
    [
      ['--password', 'x', 'y'],
      ['--password', '***', 'y'],
    ],
    [
      ['--password', '--verbose'],
      ['--password', '--verbose'],
    ],
    [
      ['password', 'x'],
      ['password', 'x'],
    ],
    [['TOKEN=a=b\nc'], ['TOKEN=***']],
    [['--port=80'], ['--port=80']],
    [
      ['psql', 'postgres://me:pw@db/x'],
      ['psql', 'postgres://***@db/x'],
    ],
    [
      ['curl', 'http://db:80/@x'],
      ['curl', 'http://db:80/@x'],
    ],
  ])('%j becomes %j', (words, shown) => {
    expect(hideInWords(words)).toEqual(shown);
  });
});
