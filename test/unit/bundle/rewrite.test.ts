import { runInNewContext } from 'node:vm';
import { parse } from '@babel/parser';
import { expect, it } from '@jest/globals';
import { buildSync } from 'esbuild';
import { fc } from '../../support/properties';

interface Rewritten {
  readonly text: string;
  readonly cold: string;
}

/** The module is one of ES, which Jest does not load. */
const { rewrite } = load<{ rewrite(text: string, called: ReadonlyMap<string, boolean>): Rewritten }>(
  buildSync({
    entryPoints: ['shared/dev/bundle/rewrite.mjs'],
    bundle: true,
    write: false,
    platform: 'node',
    packages: 'external',
  }).outputFiles[0]!.text,
);

function load<T>(text: string): T {
  const module = { exports: {} };
  new Function('exports', 'require', 'module', text)(module.exports, require, module);
  return module.exports as T;
}

/** Long enough to be worth moving. */
const long = `/* ${'x'.repeat(150)} */`;

/** Texts of chunks; each exports what it computes. */
const chunks: readonly (readonly [string, string])[] = [
  [
    'a declaration',
    `exports.result=twice(4);function twice(n){${long}return add(n,n)}function add(a,b){${long}return a+b}`,
  ],
  [
    'parameters with defaults',
    `var f=(a,b=2,...c)=>{${long}return[a,b,...c]},g=e=>({e,f:f(e)});exports.result=[f(1),f(1,2,3),g(5)];`,
  ],
  [
    'bodies in parentheses and methods',
    `var sum=(a,b)=>(${long}a,b),o={add(a){${long}return a+this.n},n:1,get two(){${long}return 2},mul(a,b){${long}return a*b}};exports.result=[sum(1,2),o.add(2),o.two,o.mul(2,3)];`,
  ],
  [
    'a generator',
    `function* count(n){${long}for(let i=0;i<n;i++)yield i}function all(){${long}return[...count(3)]}exports.result=all();`,
  ],
  [
    'a class',
    `class A{constructor(a){${long}this.a=a}get(){${long}return(()=>this.a)()}static of(a){${long}return new A(a)}}exports.result=A.of(7).get();`,
  ],
  [
    'functions within methods and blocks',
    `class A{get(n){${long}return inner(n);function inner(a){${long}return a+1}}set #n(n){function twice(a){${long}return a*2}this.n=twice(n)}put(n){this.#n=n;return this.n}}var o={get v(){return inner();function inner(){${long}return 3}}};let f=1;{function f(){${long}return 4}var g=f()}exports.result=[new A().get(1),new A().put(2),o.v,f,g];`,
  ],
  [
    'a variable that changes',
    `let n=0;function next(){${long}return++n}function last(){${long}return n}next();next();exports.result=[next(),last()];`,
  ],
  [
    'functions within functions',
    `function outer(){${long}return inner();function inner(){${long}return[...arguments,deep()].length+late}function deep(){return 1}}var late=5;exports.result=outer(1,2);`,
  ],
  [
    'functions that call each other',
    `function even(n){${long}return n===0||odd(n-1)}function odd(n){${long}return n!==0&&even(n-1)}exports.result=[even(10),odd(7),even(7)];`,
  ],
  [
    'patterns',
    `var {a,b:[c]}=(()=>{${long}return{a:1,b:[2]}})();function sum({a:x=a,c:y=c}={}){${long}return x+y}exports.result=[sum(),sum({a:5})];`,
  ],
  [
    'a constructor',
    `function Old(a){${long}this.a=a}Old.prototype.get=function(){${long}return this.a};exports.result=new Old(3).get();`,
  ],
  [
    'names in objects',
    `function shown(){${long}let name="n",of={name,twice};return of.twice(of.name)}function twice(e){${long}return e+e}exports.result=shown();`,
  ],
  [
    'a variable that is set later',
    `function first(){${long}return typeof later}var early=first();var later=1;exports.result=[early,first()];`,
  ],
  [
    'an error',
    `function failing(){${long}throw new TypeError("no")}try{failing()}catch(error){exports.result=[error.message,error instanceof TypeError]}`,
  ],
];

/** The places of all functions of a chunk, as the coverage tells them. */
function functionsOf(text: string): string[] {
  const places: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { type, start, end } = value as { type?: string; start?: number; end?: number };
    if (/Function|Method/.test(type ?? '')) places.push(`${start}-${end}`);
    for (const [name, part] of Object.entries(value)) if (name !== 'loc') visit(part);
  };
  visit(parse(text, { sourceType: 'script' }).program);
  return places;
}

/** Runs a chunk as the loader does. */
function run({ text, cold }: Rewritten): string {
  const module = { exports: {} as { result?: unknown } };
  const wrap = (body: string) => runInNewContext(`(function(exports,require,module,$cold){${body}\n})`, { TypeError });
  const fetched = (at: number, ...used: unknown[]) => wrap(cold)(module.exports)[at](...used);
  wrap(text)(module.exports, require, module, fetched);
  return JSON.stringify(module.exports.result);
}

it.each(chunks)('means the same with %s, whatever was called', (_, text) => {
  const places = functionsOf(text);
  const before = run({ text, cold: '' });
  const counts = fc.array(fc.nat(2), { minLength: places.length, maxLength: places.length });
  fc.assert(
    fc.property(counts, (times) => {
      const called = new Map(places.flatMap((place, at) => (times[at] ? [[place, times[at] === 2] as const] : [])));
      expect(run(rewrite(text, called))).toBe(before);
    }),
  );
});

it('moves what was never called, and writes what usual runs call so that it is compiled at once', () => {
  const text = `function used(){return 1}function unused(){${long}return used()}exports.unused=unused;`;
  const { text: kept, cold } = rewrite(text, new Map([['0-25', true]]));
  expect(kept).toBe(
    'var used=(function(){return 1});function unused(){return($cold[0]||$cold(0,used))(...arguments)}exports.unused=unused;',
  );
  expect(cold).toBe(`return[(used)=>(function unused(){${long}return used()})]`);
});

it('refuses a chunk that has the name of its own', () => {
  expect(() => rewrite('var $cold=1;', new Map())).toThrow(
    'cannot rewrite a chunk: it has a variable $cold of its own',
  );
});
