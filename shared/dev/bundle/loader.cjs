// What a bundle does first (see link.mjs): runs its main chunk, and others from the end of its file when they are asked for.
'use strict';
const places = PLACES;
const code = CODE;
const loaded = {};
const packs = {};
let file;

function textOf(id) {
  // As a whole, and once: an hour later, the file may be another one.
  file ??= require('node:fs').readFileSync(__filename);
  const [fromEnd, length, at, size] = places[id];
  const text = () => file.latin1Slice(file.length - fromEnd, file.length - fromEnd + length);
  if (at === undefined) return text().replaceAll('*~/', '*/');
  packs[fromEnd] ??= require('node:zlib').brotliDecompressSync(Buffer.from(text(), 'base64'));
  return packs[fromEnd].latin1Slice(at, at + size);
}

function load(name) {
  if (!name.startsWith('./')) return require(name);
  const id = name.slice(2);
  if (loaded[id]) return loaded[id].exports;
  code[id] ??= require('node:vm').compileFunction(textOf(id), ['exports', 'require', 'module'], { filename: id });
  const module = { exports: {} };
  loaded[id] = module;
  code[id](module.exports, load, module);
  return module.exports;
}

load(MAIN);
