import { type Attack, honest } from '../gain.ts'

/**
 * Two names at opposite extremes; one that is ahead says what it believes. One that has lost enough is withdrawn and opened
 * again.
 *
 * @param below it is withdrawn when this part of its lock is left, or less.
 */
export function exitAndReopen(burnsLosses: boolean, below: number): Attack {
  const moment = below === 1 ? '' : ` at ${Math.round(100 * below)} %`
  return {
    name: `exit and reopen${moment}${burnsLosses ? '' : ', were losses given back'}`,
    strategy: {
      nameCount: 2,
      report: ({ belief, locks }) =>
        locks.map(({ lockedMicro, weightMicro }, name) =>
          weightMicro > lockedMicro ? belief : 1 - name,
        ),
      reopensBelow: below,
    },
    against: honest,
    share: 0.1,
    coins: 3,
    rules: { burnsLosses },
  }
}
