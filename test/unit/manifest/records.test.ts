import { describe, expect, it } from '@jest/globals';
import { assignments, namesOrAssignments } from '../../../shared/manifest/assignments';
import { attestation, records, secretRecords, splitRecords } from '../../../shared/manifest/records';
import { list } from '../../../shared/manifest/types';
import { fc } from '../../support/properties';

const value = (text: string) => records.parse(text);

describe('records, one a line', () => {
  it.each<[string, readonly string[]]>([
    ['type=gha,mode=max', ['type=gha,mode=max']],
    ['  a=1 \r\n\r\n b=2\n', ['a=1', 'b=2']],
    ['a=1\na=1', ['a=1']],
    ['"a=x, y"\nb', ['a=x, y', 'b']],
    ['"a=one\ntwo\n\nthree"\nb=2', ['a=one\ntwo\n\nthree', 'b=2']],
    ['"a={""key"": ""value""}"', ['a={"key": "value"}']],
    ['a="quoted" text', ['a="quoted" text']],
  ])('%j', (text, expected) => {
    expect(value(text)).toEqual({ value: expected });
  });

  it('refuses a quote that nothing closes, without its text', () => {
    expect(value('a=1\n"b=secret\nc')).toEqual({ problem: 'line 2 begins with a quote that nothing closes' });
  });

  it('reads whatever was quoted as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 }), (texts) => {
        const plain = texts.map((text) => text.replace(/\r/g, ''));
        const quoted = plain.map((text) => `"${text.replace(/"/g, '""')}"`).join('\n');
        expect(splitRecords(quoted)).toEqual({ records: plain });
      }),
    );
  });
});

describe('secrets by value', () => {
  it('keep the value whole', () => {
    const text = 'TOKEN=a=b,c\n"KEY=-----BEGIN-----\nabc\n"\nEMPTY=';
    expect(secretRecords.parse(text)).toEqual({
      value: [
        { id: 'TOKEN', value: 'a=b,c' },
        { id: 'KEY', value: '-----BEGIN-----\nabc\n' },
        { id: 'EMPTY', value: '' },
      ],
    });
  });

  it('have no id where a record has none', () => {
    expect(secretRecords.parse('a=1\nghp_secret\n=ghp_other')).toEqual({
      value: [
        { id: 'a', value: '1' },
        { id: '', value: 'ghp_secret' },
        { id: '', value: 'ghp_other' },
      ],
    });
  });
});

it.each<[string, boolean | string | undefined]>([
  ['true', true],
  ['FALSE', false],
  ['mode=max', 'mode=max'],
  ['mode=min,inline-only=true', 'mode=min,inline-only=true'],
  ['generator=docker/scout-sbom-indexer:latest', 'generator=docker/scout-sbom-indexer:latest'],
  ['max', undefined],
  ['mode=max --push', undefined],
])('an attestation is %j', (text, expected) => {
  const parsed = attestation.parse(text);
  expect('value' in parsed ? parsed.value : undefined).toBe(expected);
});

it('reads build arguments in quotes, where they may have line breaks', () => {
  const parse = assignments({ quoted: true }).parse;
  expect(parse('A="1"\n"B=one\ntwo"\nC=3')).toEqual({
    value: [
      { name: 'A', value: '"1"' },
      { name: 'B', value: 'one\ntwo' },
      { name: 'C', value: '3' },
    ],
  });
});

it('reads names alone where they are allowed, and still refuses what is none', () => {
  const { parse } = namesOrAssignments({ quoted: true });
  expect(parse('VERSION\nA=1\n"B"\n- C')).toEqual({
    value: [
      { name: 'VERSION', bare: true },
      { name: 'A', value: '1' },
      { name: 'B', bare: true },
      { name: 'C', bare: true },
    ],
  });
  expect(parse('A 1')).toEqual({ problem: 'line 1 must have the form NAME=value, got "A 1"' });
  expect(assignments().parse('A')).toEqual({ problem: 'line 1 must have the form NAME=value, got "A"' });
});

it('reads a list with the quotes of CSV around its items, or around a line of them', () => {
  const text = '"a:1"\n "b:2", c:3\n"linux/amd64,linux/arm64"';
  expect(list().parse(text)).toEqual({ value: ['a:1', 'b:2', 'c:3', 'linux/amd64', 'linux/arm64'] });
});
