import { describe, expect, it } from '@jest/globals';
import { isSecretName, redactArgs, redactValues, secretValuesOf } from '../../../shared/task-definition/redact';

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

describe('redactArgs', () => {
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
      ['sh', '-c', 'migrate --password=one && PGPASSWORD=two psql --token three'],
      ['sh', '-c', 'migrate --password=*** && PGPASSWORD=*** psql --token ***'],
    ],
    [['curl -H "Authorization: Bearer four" x'], ['curl -H "Authorization: Bearer ***" x']],
    [['postgres://u:a/b@h'], ['postgres://***@h']],
    [['https://ghp_0123456789@github.com/x'], ['https://***@github.com/x']],
    [
      ['auth-service:1.2', 'registry/token-service:3'],
      ['auth-service:1.2', 'registry/token-service:3'],
    ],
    [['password: eight'], ['password: ***']],
    [['Server=h;Password=five;Port=1'], ['Server=h;Password=***;Port=1']],
    [['curl https://h/?token=six&page=2'], ['curl https://h/?token=***&page=2']],
    [['{"password":"seven","user":"me"}'], ['{"password":***,"user":"me"}']],
    [
      ['curl', 'http://db:80/@x'],
      ['curl', 'http://db:80/@x'],
    ],
  ])('%j becomes %j', (words, shown) => {
    expect(redactArgs(words)).toEqual(shown);
  });
});

describe('the values of a container that are secret', () => {
  const values = secretValuesOf({
    environment: [
      { name: 'DB_PASSWORD', value: 'hunter2hunter2' },
      { name: 'API_KEY', value: 'short' },
      { name: 'STAGE', value: 'production' },
    ],
  });

  it('are those of telling names, when they are long enough not to be part of anything', () => {
    expect(values).toEqual(['hunter2hunter2']);
    expect(redactValues(values)('a hunter2hunter2 in production')).toBe('a *** in production');
  });
});
