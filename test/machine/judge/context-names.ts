/** The part of the judge's context with names, links and archives that are unusual and legal. */
import type { Header } from 'tar-stream';

const repeated = (name: string) => name.repeat(200);
const odd = [
  '-dash',
  '--link',
  '#hash',
  '!bang',
  'a=b',
  'a,b',
  'a;b',
  "a'b",
  'a"b',
  'a$b',
  'a`b',
  'a{b}',
  'a:b',
  'a@b',
];
const more = ['~t', '%41', ' lead', 'shot\u202fPM'];

export const namedTexts: Readonly<Record<string, string>> = {
  [`deep/${repeated('x')}/${repeated('y')}/${repeated('z')}`]: 'd',
  // One letter in two forms.
  'uni/e\u0301': '1',
  'uni/\u00e9': '2',
  'uni/🚀': '3',
  ...Object.fromEntries([...odd, ...more].map((name) => [`names/${name}`, name])),
  'dots/.hidden': 'h',
  'dots/..two': 't',
  'dots/.git/x': 'x',
  'hl/a': 'hard',
};

export const namedLinks: Readonly<Record<string, string>> = {
  escape: '../../../outside',
  loop1: 'loop2',
  loop2: 'loop1',
  'lnk/d': '../dir',
  'lnk/self': '.',
  'lnk/long': 'l'.repeat(150),
};

/** Further names of a file. */
export const namedHardLinks: readonly (readonly [name: string, of: string])[] = [
  ['hl/b', 'hl/a'],
  ['hl/c/d', 'hl/a'],
];

type Entry = [Partial<Header> & { name: string }, string?];

export const namedArchives: Readonly<Record<string, readonly Entry[]>> = {
  'esc.tar': [
    [{ name: '../out' }, '1'],
    [{ name: 'a/../../o2' }, '2'],
    [{ name: './x/../y' }, '3'],
  ],
  'absname.tar': [
    [{ name: '/abs/f' }, '1'],
    [{ name: '//dbl//g' }, '2'],
  ],
  'dirlink.tar': [
    [{ name: 'd', type: 'symlink', linkname: 'e' }],
    [{ name: 'e', type: 'directory' }],
    [{ name: 'd/f' }, '1'],
  ],
  'linkfirst.tar': [[{ name: 'l', type: 'link', linkname: 'later' }], [{ name: 'later' }, '1']],
  'hardmodes.tar': [
    [{ name: 'one', mode: 0o600, uid: 5 }, '1'],
    [{ name: 'two', type: 'link', linkname: 'one', mode: 0o4711, gid: 7 }],
    [{ name: 'soft', type: 'symlink', linkname: 'one' }],
    [{ name: 'softer', type: 'link', linkname: 'soft', uid: 9 }],
  ],
  'hardout.tar': [[{ name: 'h', type: 'link', linkname: '/etc/passwd' }]],
};
