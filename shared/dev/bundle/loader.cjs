// What a bundle does first (see link.mjs): runs its main chunk, and others from the end of its file when they are asked for.
'use strict';
const places = PLACES;
const code = CODE;
const loaded = {};
let file;

function unpack(id) {
  // As a whole, and once: an hour later, the file may be another one.
  file ??= require('node:fs').readFileSync(__filename);
  const [fromEnd, length, isCompressed] = places[id];
  let texts = file.latin1Slice(file.length - fromEnd, file.length - fromEnd + length);
  if (isCompressed) texts = require('node:zlib').brotliDecompressSync(Buffer.from(texts, 'base64')).toString();
  for (const [filename, text] of Object.entries(JSON.parse(texts))) {
    code[filename] = (...given) =>
      require('node:vm').compileFunction(text, ['exports', 'require', 'module'], { filename })(...given);
  }
}

function load(name) {
  if (!name.startsWith('./')) return require(name);
  const id = name.slice(2);
  if (loaded[id]) return loaded[id].exports;
  if (!code[id]) unpack(id);
  const module = { exports: {} };
  loaded[id] = module;
  code[id](module.exports, load, module);
  return module.exports;
}

load(MAIN);
