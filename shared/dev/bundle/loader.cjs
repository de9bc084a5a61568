// What a bundle does first (see link.mjs): compiles its main chunk, and others when they are asked for.
const { Script } = require('node:vm');
const { codeCache } = require('./code-cache.cjs');
// Node has read this file already, and an hour later it may be another one. V8 hands out the text of an inner function without
// copying it; that of the function which Node has made of the file would be copied, in twice its size.
const known = ALL_CHUNKS.toString();
// The last comment is the hash. Whoever changes what Node loads, to measure it for instance, may leave comments out.
const isWhole = known.startsWith('*/', known.lastIndexOf(BUNDLE_HASH) + BUNDLE_HASH.length);
const file = isWhole ? known : require('node:fs').readFileSync(__filename, 'latin1');
const end = file.lastIndexOf(BUNDLE_HASH) - '/*'.length;
const cache = codeCache(BUNDLE_HASH);
const packs = {};
const loaded = {};

function textOf(id) {
  const [fromEnd, length, at, size] = CHUNK_PLACES[id];
  const text = file.slice(end - fromEnd, end - fromEnd + length);
  if (at === undefined) return text.replaceAll('*~/', '*/');
  packs[fromEnd] ??= require('node:zlib').brotliDecompressSync(Buffer.from(text, 'base64'));
  return packs[fromEnd].latin1Slice(at, at + size);
}

function compile(id) {
  const cachedData = cache.read(id);
  const script = new Script(textOf(id), { filename: id, cachedData });
  cache.add(id, script, cachedData && !script.cachedDataRejected);
  return script.runInThisContext();
}

// What a chunk has in place of the functions that few runs call (see rewrite.mjs): fetches one of them, and calls it.
function partsOf(id, module) {
  const made = {};
  function functionsOf(name) {
    made[name] ??= compile(`${name}-${id}`)(module.exports, load, module, part);
    const { use, functions, isReady } = made[name];
    // Before the chunk has run to its end, what the part uses of it may not have been set.
    if (!isReady) use();
    made[name].isReady = module.isLoaded;
    return functions;
  }
  const part =
    (name, at) =>
    (...args) =>
      functionsOf(name)[at](...args);
  part.uses = {};
  return part;
}

function load(name) {
  if (!name.startsWith('./')) return require(name);
  const id = name.slice(2);
  if (loaded[id]) return loaded[id].exports;
  const module = { exports: {}, isLoaded: false };
  loaded[id] = module;
  compile(id)(module.exports, load, module, partsOf(id, module));
  module.isLoaded = true;
  return module.exports;
}

load(MAIN_CHUNK);
