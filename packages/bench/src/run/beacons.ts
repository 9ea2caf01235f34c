import {
  type AgentId,
  type Cid,
  compareAgents,
  type Digest,
  firstBeacon,
  nextBeacon,
  type RoundRandomness,
  seededShare,
} from '@commonweal/protocol'

/** The randomness of the round of an epoch, counted from 1. */
export type Beacons = (epoch: number) => RoundRandomness

/**
 * The beacons of a network whose validators draw their shares from a seed: what a run without validators computes, so
 * that it sees the same R_e as one with them. [EPO-7]
 *
 * `signal` of epoch e comes from R_{e−1} and the signal shares made for e.
 */
export function seededBeacons(
  networkId: Cid,
  validators: readonly AgentId[],
  seed: number | string,
): Beacons {
  const inOrder = validators.toSorted(compareAgents)
  const chain: Digest[] = [firstBeacon(networkId)]

  const shares = (epoch: number, purpose: 'beacon' | 'signal'): readonly Uint8Array[] =>
    inOrder.map((agent) => seededShare(seed, agent, epoch, purpose))

  function beaconOf(epoch: number): Digest {
    let last = chain.length - 1
    let beacon = chain[last] ?? firstBeacon(networkId)
    if (epoch <= last) return chain[Math.max(0, epoch)] ?? beacon
    while (last < epoch) {
      last += 1
      beacon = nextBeacon(beacon, shares(last, 'beacon'))
      chain.push(beacon)
    }
    return beacon
  }

  return (epoch) => ({
    beacon: beaconOf(epoch),
    signal: nextBeacon(beaconOf(epoch - 1), shares(epoch, 'signal')),
  })
}
