import type { Replica } from '@commonweal/protocol'

/** A fault inside a replica: its state after a step, as it would not be by the rules. */
export type StateChange = (replica: Replica) => Replica

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
