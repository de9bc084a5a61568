/**
 * Stands in for shelljs in the bundles. The ADK core requires it for `setOutput` and `command`, which no action uses;
 * bundled, it would end the action at start, because it loads its commands by names made at run time.
 */
exports.exec = () => {
  throw new Error('no shell: values of users are never given to one');
};
