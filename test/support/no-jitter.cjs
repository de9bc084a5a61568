/**
 * Preload for real processes (`node --require`): chance always says nought, so that every backoff with full jitter, of the
 * SDK and of the actions, is over at once.
 */
Math.random = () => 0;
