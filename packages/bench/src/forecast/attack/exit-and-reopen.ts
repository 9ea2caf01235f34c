import { type Attack, honest } from '../gain.ts'

/** Two names at opposite extremes. The one that lost is withdrawn and opened again; one that is ahead says what it believes. */
export function exitAndReopen(burnsLosses: boolean): Attack {
  return {
    name: burnsLosses ? 'exit and reopen' : 'exit and reopen, if losses were given back',
    strategy: {
      nameCount: 2,
      report: ({ belief, locks }) =>
        locks.map(({ lockedMicro, weightMicro }, name) =>
          weightMicro > lockedMicro ? belief : 1 - name,
        ),
      reopensLosers: true,
    },
    against: honest,
    share: 0.1,
    coins: 3,
    rules: { burnsLosses },
  }
}
