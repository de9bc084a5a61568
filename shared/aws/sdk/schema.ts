export { NormalizedSchema } from '@smithy/core/schema';
