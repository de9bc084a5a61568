/** Whether a host, with or without a port, is this machine: nobody else can listen in on a connection to it. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^([^:]*):\d+$/, '$1');
  const isIpv4 = /^127(\.\d{1,3}){3}$/.test(name) && name.split('.').every((part) => Number(part) <= 255);
  return name === 'localhost' || name === '::1' || isIpv4;
}
