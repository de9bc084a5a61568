/**
 * Wrong results that are known and not fixed yet, by their seeds, each with the rule that is broken; `crash` where a world does not
 * come to its end. They are told with every run, and do not fail it: all others do.
 */
export const open: Readonly<Record<number, { readonly rule: string; readonly what: string }>> = {
  2889: {
    rule: 'success',
    what: 'with wait-until: none, a service that AWS says runs the revision is UNCHANGED, whether its tasks answer or not',
  },
  2890: {
    rule: 'isUnhealthy',
    what: 'the oracle counts old tasks of the same revision, which get no traffic any more',
  },
  2953: {
    rule: 'noSecond',
    what: 'a task that has just been started has no digest yet, so that its revision is deployed once more',
  },
  3111: {
    rule: 'onceOnly',
    what: 'a role that may not list deployments, a lost answer, and a deployment that failed before the second request',
  },
  3332: { rule: 'isUnhealthy', what: 'not looked into' },
  3428: { rule: 'success', what: 'not looked into' },
  3708: {
    rule: 'success',
    what: 'with wait-until: none, a deployment that was rolled back while its id was looked for is told as started',
  },
  3893: { rule: 'noSecond', what: 'two revisions of the same content, one after the other' },
  4361: { rule: 'failure', what: 'not looked into' },
  4558: { rule: 'success', what: 'as 2889' },
  5139: { rule: 'noSecond', what: 'not looked into' },
  5162: { rule: 'serves', what: 'somebody sets the desired count to 0 during the last look' },
  5613: { rule: 'named, inTime, explains', what: 'an interrupted run ends after 7.5 seconds without a word' },
};
