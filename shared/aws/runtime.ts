import * as crypto from 'node:crypto';

/**
 * Makes the runtime fit for the SDK: on Node 16 it needs `crypto.getRandomValues`, and its warning about the version of
 * Node is for those who bundle it, not for those who read the log of a deployment.
 */
export function prepareRuntime(): void {
  const required = require('node:crypto') as { getRandomValues?: unknown };
  required.getRandomValues ??= crypto.webcrypto.getRandomValues.bind(crypto.webcrypto);
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
}
