import { expect, it } from '@jest/globals';
import { kindOfAddress, kindOfHost } from '../../../../actions/build-and-push/src/registry/address';

it.each([
  ['8.8.8.8', 'public'],
  ['52.95.110.1', 'public'],
  ['100.63.255.255', 'public'],
  ['100.64.0.1', 'private'],
  ['172.15.0.1', 'public'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['172.32.0.1', 'public'],
  ['192.168.1.1', 'private'],
  ['198.18.0.1', 'private'],
  ['10.0.0.1', 'private'],
  ['127.255.255.254', 'loopback'],
  ['0.0.0.0', 'loopback'],
  ['169.254.169.254', 'link-local'],
  ['169.254.170.2', 'link-local'],
  ['224.0.0.1', 'link-local'],
  ['255.255.255.255', 'link-local'],
  ['::1', 'loopback'],
  ['::', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:7f00:1', 'loopback'],
  ['::7f00:1', 'loopback'],
  ['::ffff:8.8.8.8', 'public'],
  ['64:ff9b::a9fe:a9fe', 'link-local'],
  ['64:ff9b::808:808', 'public'],
  ['2002:a9fe:a9fe::1', 'link-local'],
  ['fd00:ec2::254', 'link-local'],
  ['fd12:3456::1', 'private'],
  ['fc00::1', 'private'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local'],
  ['fec0::1', 'private'],
  ['ff02::1', 'link-local'],
  ['2600:1f14::1', 'public'],
  ['2a05:d000:8000::1', 'public'],
])('%s is %s', (address, kind) => {
  expect(kindOfAddress(address)).toBe(kind);
});

it.each([
  ['https://127.1', 'loopback'],
  ['https://0x7f000001', 'loopback'],
  ['https://017700000001', 'loopback'],
  ['https://2130706433', 'loopback'],
  ['https://[::ffff:127.0.0.1]', 'loopback'],
  ['https://LOCALHOST', 'loopback'],
  ['https://localhost.', 'loopback'],
  ['https://a.b.localhost', 'loopback'],
  ['https://127.0.0.1.', 'loopback'],
  ['https://①⑥⑨.254.169.254', 'link-local'],
  ['https://localhost.example.com', undefined],
  ['https://notlocalhost', undefined],
  ['https://registry.example.com', undefined],
])('%s is %s', (url, kind) => {
  expect(kindOfHost(new URL(url).hostname)).toBe(kind);
});
