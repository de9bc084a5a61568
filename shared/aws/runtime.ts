/**
 * Makes the runtime fit for the SDK: on Node 16 it needs `crypto.getRandomValues`, and its warning about the version of
 * Node is for those who bundle it, not for those who read the log of a deployment.
 */
export function prepareRuntime(): void {
  // Required here, not imported: loading it takes as long as rendering a whole task definition, which calls no AWS.
  const crypto = require('node:crypto') as Pick<typeof import('node:crypto'), 'webcrypto'> & {
    getRandomValues?: unknown;
  };
  crypto.getRandomValues ??= crypto.webcrypto.getRandomValues.bind(crypto.webcrypto);
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
}
