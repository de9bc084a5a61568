// What a bundle does first (see link.mjs): compiles its main chunk, and others when they are asked for.
'use strict';
const fs = require('node:fs');
const { Script } = require('node:vm');
const { codeCache } = require('./code-cache.cjs');
// As a whole, and once: an hour later, the file may be another one.
const file = fs.readFileSync(__filename);
const cache = codeCache(BUNDLE_HASH);
const packs = {};
const loaded = {};

function textOf(id) {
  const [fromEnd, length, at, size] = CHUNK_PLACES[id];
  const text = () => file.latin1Slice(file.length - fromEnd, file.length - fromEnd + length);
  if (at === undefined) return text().replaceAll('*~/', '*/');
  packs[fromEnd] ??= require('node:zlib').brotliDecompressSync(Buffer.from(text(), 'base64'));
  return packs[fromEnd].latin1Slice(at, at + size);
}

function load(name) {
  if (!name.startsWith('./')) return require(name);
  const id = name.slice(2);
  if (loaded[id]) return loaded[id].exports;
  const module = { exports: {} };
  loaded[id] = module;
  const cachedData = cache.read(id);
  // In parentheses: Node takes it that such a function will run, and reads it once only.
  const script = new Script(`(function (exports, require, module) {${textOf(id)}\n})`, { filename: id, cachedData });
  cache.add(id, script, cachedData && !script.cachedDataRejected);
  script.runInThisContext()(module.exports, load, module);
  return module.exports;
}

load(MAIN_CHUNK);
