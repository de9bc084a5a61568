/** Whether a host, with or without a port, is this machine: nobody else can listen in on a connection to it. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^([^:]*):\d+$/, '$1');
  return name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}
