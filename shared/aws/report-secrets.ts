interface Identity {
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
}

interface SigningContext {
  readonly __smithy_context?: { readonly selectedHttpAuthScheme?: { readonly identity?: Identity } };
}

interface Stack {
  add(middleware: unknown, options: { step: 'finalizeRequest'; name: string; priority: 'low' }): void;
}

/**
 * Reports the secrets with which a client signs, before each request is sent: those of a profile, a container or a role that
 * was assumed stand in no variable of the environment.
 */
export function reportSecrets(client: object, onSecret: (secret: string) => void): void {
  const { middlewareStack } = client as { middlewareStack: Stack };
  type Next = (args: unknown) => Promise<unknown>;
  const reporting = (next: Next, context: SigningContext) => (args: unknown) => {
    const { secretAccessKey, sessionToken } = context.__smithy_context?.selectedHttpAuthScheme?.identity ?? {};
    for (const secret of [secretAccessKey, sessionToken]) if (secret) onSecret(secret);
    return next(args);
  };
  middlewareStack.add(reporting, { step: 'finalizeRequest', name: 'reportSecrets', priority: 'low' });
}
