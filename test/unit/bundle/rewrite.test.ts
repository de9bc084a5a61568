import { runInThisContext } from 'node:vm';
import { parse } from '@babel/parser';
import { expect, it } from '@jest/globals';
import { loadEsModule } from '../../support/es-module';
import { fc } from '../../support/properties';

interface Rewritten {
  readonly text: string;
  readonly parts: Readonly<Record<string, string>>;
}

interface Called {
  readonly runs: ReadonlyMap<string, readonly string[]>;
  readonly usual: readonly string[];
}

const { rewrite } = loadEsModule<{ rewrite(text: string, called: Called): Rewritten }>('shared/dev/bundle/rewrite.mjs');

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
    `function first(){${long}return typeof later}var early=first();var later=Number(1);exports.result=[early,first()];`,
  ],
  [
    'constants',
    `var names=["a","b"],all=new Set([...names,"c"]),has=e=>all.has(e),[one]=names;function count(){${long}return names.length+all.size}exports.result=[has("c"),has("d"),count(),one];`,
  ],
  [
    'a table of what a moved function makes',
    `var a=kind("a"),b=kind("b"),table={a,b};function kind(n){${long}return{name:n}}function name(e){${long}return table[e].name}exports.result=[name("a"),name("b")];`,
  ],
  [
    'a class that few functions use',
    `class No extends TypeError{constructor(e){super(e);this.e=e}}var twice=e=>{${long}return e+e};function made(){${long}return new No(twice("x"))}function isNo(e){${long}return e instanceof No}exports.result=[isNo(made()),made().e,isNo(1)];`,
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
function run({ text, parts }: Rewritten): string {
  const module = { exports: {} as { result?: unknown } };
  const wrap = (body: string) => runInThisContext(`(function(exports,require,module,$part){${body}\n})`);
  const made: Record<string, ReturnType<typeof wrap>> = {};
  const part = (name: string, at: number) => {
    return (...args: unknown[]) => {
      const found = made[name] ?? wrap(parts[name]!)(module.exports, require, module, part);
      made[name] = found;
      found.use();
      return found.functions[at](...args);
    };
  };
  part.uses = {} as Record<string, () => unknown[]>;
  wrap(text)(module.exports, require, module, part);
  return JSON.stringify(module.exports.result);
}

const usual = ['shell', 'github'];

it.each(chunks)('means the same with %s, whatever was called', (_, text) => {
  const places = functionsOf(text);
  const before = run({ text, parts: {} });
  const runs = fc.subarray(['help', ...usual]);
  fc.assert(
    fc.property(fc.array(runs, { minLength: places.length, maxLength: places.length }), (called) => {
      const rewritten = rewrite(text, { runs: new Map(places.map((place, at) => [place, called[at]!])), usual });
      expect(run(rewritten)).toBe(before);
    }),
  );
});

it('moves what was never called, and writes what usual runs call so that it is compiled at once', () => {
  const text = `function used(){return 1}function unused(){${long}return used()}exports.unused=unused;`;
  const { text: kept, parts } = rewrite(text, { runs: new Map([['0-25', usual]]), usual });
  expect(kept).toBe(
    '$part.uses={cold:()=>[used]};var used=(function(){return 1});var unused=$part("cold",0);exports.unused=unused;',
  );
  expect(parts).toEqual({
    cold: `var used;return{use(){[used]=$part.uses.cold()},functions:[(function unused(){${long}return used()})]}`,
  });
});

it('moves what one kind of runs calls to a part of theirs', () => {
  const text = `function a(){${long}}function b(){${long}}function c(){${long}}exports.all=[a,b,c];`;
  const [a, b, c] = functionsOf(text) as [string, string, string];
  const runs = new Map([
    [a, ['help']],
    [b, ['help', 'shell']],
    [c, ['help', 'shell', 'github']],
  ]);
  const { text: kept, parts } = rewrite(text, { runs, usual });
  expect(kept).toBe(`var a=$part("help",0);var b=$part("shell",0);var c=(function(){${long}});exports.all=[a,b,c];`);
  expect(Object.keys(parts)).toEqual(['help', 'shell']);
});

it('moves along what only moved code uses', () => {
  const text = `var few=1,many=2,o={few},made=Number(3);class E extends Error{}function deep(){return o.few}function unused(){${long}throw new E(deep()+many+made)}exports.x=[unused,many];`;
  const { text: kept, parts } = rewrite(text, { runs: new Map(), usual });
  expect(kept).toBe(
    '$part.uses={cold:()=>[many,made]};var unused=$part("cold",0);var many=2,made=Number(3);exports.x=[unused,many];',
  );
  expect(parts['cold']).toContain(
    'var many,made,few,o;class E extends Error{}function deep(){return o.few}return{use(){[many,made]=$part.uses.cold();few=1;o={few}},',
  );
});

it('refuses a chunk that has the name of its own', () => {
  expect(() => rewrite('var $part=1;', { runs: new Map(), usual })).toThrow(
    'cannot rewrite a chunk: it has a variable $part of its own',
  );
});
