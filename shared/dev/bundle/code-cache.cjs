// The code that Node has compiled, kept for the next run of the same bundle: compiling takes longer than running.

const fs = require('node:fs');

// For people who run an action again and again; a machine that was made for one run has no next one.
function cacheFolder(env) {
  const { XDG_CACHE_HOME, HOME, CI, GITHUB_ACTIONS, NODE_DISABLE_COMPILE_CACHE } = env;
  const home = XDG_CACHE_HOME || (HOME && `${HOME}/.cache`);
  const isCodeCatalyst = Object.keys(env).some((name) => name.startsWith('CATALYST_'));
  const isOff = CI || GITHUB_ACTIONS || isCodeCatalyst || NODE_DISABLE_COMPILE_CACHE;
  return home?.startsWith('/') && process.getuid && !isOff ? `${home}/ecs-delivery-actions` : undefined;
}

// What is read will run: it must be from a folder and in a file that nobody else can have written.
const isPrivate = ({ uid, mode }) => uid === process.getuid() && (mode & 0o077) === 0;

// The file begins with a line of JSON, the place of each chunk's code. All code follows, twice: V8 does not notice that a disk has
// lost some of it, and would run what is left. Comparing takes less time than any sum.
function readCache(folder, path) {
  if (!isPrivate(fs.lstatSync(folder))) return {};
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  const opened = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const facts = fs.fstatSync(opened);
    if (!facts.isFile() || facts.nlink !== 1 || !isPrivate(facts)) return {};
    const content = fs.readFileSync(opened);
    const start = content.indexOf('\n') + 1;
    const half = (content.length - start) / 2;
    const code = content.subarray(start, start + half);
    if (!code.equals(content.subarray(start + half))) return {};
    const places = JSON.parse(content.latin1Slice(0, start));
    return Object.fromEntries(places.map(([id, at, end]) => [id, code.subarray(at, end)]));
  } finally {
    fs.closeSync(opened);
  }
}

function writeCache(folder, path, parts) {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!isPrivate(fs.lstatSync(folder))) return;
  removeOld(folder);
  let end = 0;
  const places = Object.entries(parts).map(([id, { length }]) => {
    end += length;
    return [id, end - length, end];
  });
  const code = Buffer.concat(Object.values(parts));
  const unfinished = `${path}.${process.pid}`;
  const opened = fs.openSync(unfinished, 'wx', 0o600);
  try {
    fs.writeFileSync(opened, Buffer.concat([Buffer.from(`${JSON.stringify(places)}\n`), code, code]));
    fs.fsyncSync(opened);
    fs.renameSync(unfinished, path);
  } catch (error) {
    fs.unlinkSync(unfinished);
    throw error;
  } finally {
    fs.closeSync(opened);
  }
}

// Those of earlier versions, of the bundle or of Node.
function removeOld(folder) {
  const oldest = Date.now() - 30 * 24 * 60 * 60 * 1000;
  for (const name of fs.readdirSync(folder)) {
    if (fs.lstatSync(`${folder}/${name}`).mtimeMs < oldest) fs.unlinkSync(`${folder}/${name}`);
  }
}

// Whatever is wrong with the cache, the action runs without it.
function attempt(job) {
  try {
    return job();
  } catch {
    return undefined;
  }
}

// `read` gives what is kept of a chunk; `add` takes each script that was made, and whether what was kept of it served.
exports.codeCache = function codeCache(hash) {
  const folder = cacheFolder(process.env);
  if (!folder) return { read: () => undefined, add: () => undefined };
  const path = `${folder}/${hash}-${process.version}-${process.arch}`;
  const kept = attempt(() => readCache(folder, path)) ?? {};
  const scripts = [];
  let isMore = false;
  process.on('exit', () => {
    if (!isMore) return;
    attempt(() => {
      // Only now, with all functions that were called.
      const made = Object.fromEntries(scripts.map(([id, script]) => [id, script.createCachedData()]));
      writeCache(folder, path, { ...kept, ...made });
    });
  });
  return {
    read: (id) => kept[id],
    add(id, script, served) {
      scripts.push([id, script]);
      isMore ||= !served;
    },
  };
};
