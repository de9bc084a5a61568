// Names of FAKE_DNS (JSON: name to address) are answered from there.
const dns = require('node:dns');
const names = JSON.parse(process.env.FAKE_DNS ?? '{}');
const { lookup } = dns;

dns.lookup = (hostname, options, callback = options) => {
  const address = names[hostname];
  if (address === undefined) return lookup(hostname, options, callback);
  const family = address.includes(':') ? 6 : 4;
  process.nextTick(() => (options.all ? callback(null, [{ address, family }]) : callback(null, address, family)));
};
