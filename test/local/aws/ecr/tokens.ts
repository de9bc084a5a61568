import { randomBytes } from 'node:crypto';
import type { SimulationClock } from '../clock';

const lifetime = 12 * 3_600_000;
/** Real passwords are about this long; some engines cut them or refuse them. */
const passwordLength = 1_800;

/** The passwords that GetAuthorizationToken gave out. */
export class Tokens {
  readonly #expiry = new Map<string, number>();
  readonly #clock: SimulationClock;

  constructor(clock: SimulationClock) {
    this.#clock = clock;
  }

  /** A new password for the user `AWS`, good for twelve hours. */
  issue(): { readonly password: string; readonly expiresAt: Date } {
    const password = randomBytes(passwordLength).toString('base64url').slice(0, passwordLength);
    const expiresAt = this.#clock.now() + lifetime;
    this.#expiry.set(password, expiresAt);
    return { password, expiresAt: new Date(expiresAt) };
  }

  /** All passwords so far, so that a test can look for them. */
  issued(): readonly string[] {
    return [...this.#expiry.keys()];
  }

  /** What the registry thinks of an Authorization header. */
  judge(authorization: string | undefined): 'good' | 'expired' | 'unknown' {
    const [scheme, credentials = ''] = (authorization ?? '').split(' ');
    const [user, password = ''] = Buffer.from(credentials, 'base64').toString('utf8').split(':');
    const expiry = this.#expiry.get(password);
    if (scheme?.toLowerCase() !== 'basic' || user !== 'AWS' || expiry === undefined) return 'unknown';
    return expiry > this.#clock.now() ? 'good' : 'expired';
  }
}
