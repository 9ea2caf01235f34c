import type { StateChange } from '../../replica-port.ts'

/** Forgets each action once it is sealed: there is nothing to reveal. */
export function withholdReveals(fromEpoch: number): StateChange {
  return (replica) => (replica.doneEpoch < fromEpoch ? replica : { ...replica, actions: {} })
}

const SHARE_DUTIES = ['reveal-share/beacon', 'reveal-share/signal']

/** Takes its shares for revealed already. */
export function withholdShares(fromEpoch: number): StateChange {
  return (replica) => {
    if (replica.doneEpoch < fromEpoch) return replica
    if (SHARE_DUTIES.every((duty) => replica.done.has(duty))) return replica
    return { ...replica, done: new Set([...replica.done, ...SHARE_DUTIES]) }
  }
}
