import { expect, it } from '@jest/globals';
import { loadEsModule } from '../../support/es-module';

const { asCommonJs } = loadEsModule<{ asCommonJs(text: string): string }>('shared/dev/bundle/commonjs.mjs');

it.each([
  ['import{a as b,c}from"./x.js";b(c);', 'var {a:b,c}=require("./x.js");b(c);'],
  ['import"./x.js";', 'require("./x.js");'],
  ['import f from"node:fs";import*as g from"node:fs";f,g;', 'var f=require("node:fs");var g=require("node:fs");f,g;'],
  ['import f,{join as j}from"node:path";f,j;', 'var f=require("node:path"),{join:j}=require("node:path");f,j;'],
  ['var a=1;export{a,a as b};\n', 'var a=1;module.exports={a,b:a};'],
  ['import("./x.js").then(f);', 'Promise.resolve().then(()=>require("./x.js")).then(f);'],
  ['var E;(e=>{e.A=1})(E||(E={}));export{E};', 'var E;(e=>{e.A=1})(E||(E={}));module.exports={E};'],
  [
    'var r=(t=>typeof require<"u"?require:typeof Proxy<"u"?new Proxy(t,{}):t)(function(t){throw t});r("net");',
    'var r=require;r("net");',
  ],
])('writes %s as a CommonJS module', (text, expected) => {
  expect(asCommonJs(text)).toBe(expected);
});

it('refuses an export that a function sets later', () => {
  expect(() => asCommonJs('var a=1;function f(){a=2}export{a,f};')).toThrow('cannot export a: a function sets it');
});
