import { isIP } from 'node:net';
import { isAwsHost } from '../../../../shared/aws/arn';

/** Domains whose names are given to anybody. */
const shared =
  /(?:^|\.)(?:azurecr\.(?:io|us|cn)|pkg\.dev|gcr\.io|run\.app|web\.app|github\.io|gitlab\.io|netlify\.app|vercel\.app|herokuapp\.com|cloudfront\.net|azurewebsites\.net|windows\.net|ngrok\.(?:io|app))$/;
/** Second levels under which countries register names. */
const registered = /^(?:ac|co|com|edu|gob|gouv|gov|govt|go|id|in|ltd|me|mil|ne|net|nom|or|org|plc|sch|web)\.[a-z]{2}$/;

/**
 * Whether a token service may have the login of a registry: it is the same host, or one of the same owner, as
 * auth.docker.io is of registry-1.docker.io and gitlab.example.com of registry.example.com.
 */
export function mayHaveLogin(realm: URL, base: URL): boolean {
  if (realm.origin === base.origin) return true;
  const [asked, own] = [realm.hostname.toLowerCase(), base.hostname.toLowerCase()];
  if (realm.protocol !== 'https:' || isIP(asked.replace(/^\[|\]$/g, '')) !== 0 || !asked.includes('.')) return false;
  if (asked === own) return true;
  if ([asked, own].some((host) => shared.test(host) || isAwsHost(host))) return false;
  const domain = own.split('.').length > 2 ? own.slice(own.indexOf('.') + 1) : own;
  const isName = domain.includes('.') && !registered.test(domain);
  return isName && (asked === domain || asked.endsWith(`.${domain}`));
}
