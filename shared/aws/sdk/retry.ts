export { ConfiguredRetryStrategy } from '@smithy/core/retry';
