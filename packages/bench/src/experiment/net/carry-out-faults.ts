import { setTimeout as delay } from 'node:timers/promises'
import type { LocalNetwork } from '@commonweal/node/local'
import type { NetworkConditions } from '../experiment.ts'
import { partitionsOf } from '../partitions.ts'

type Faults = Pick<NetworkConditions, 'partitions' | 'crashes'>

/** Cuts links and ends processes when the conditions of a run say so, and mends what they mend. */
export async function carryOutFaults(
  network: LocalNetwork,
  faults: Faults,
  signal: AbortSignal,
): Promise<void> {
  const startMs = performance.now()
  const count = network.nodes.length
  let groups: readonly number[] = network.nodes.map(() => 0)
  const cut = (): Promise<unknown> =>
    Promise.all(groups.map((_, node) => block(network, node, groups)))
  const acts = [
    ...partitionsOf(faults, count).map(({ atMs, groups: next }) => ({
      atMs,
      act: async () => {
        groups = next
        await cut()
      },
    })),
    ...faults.crashes.flatMap(({ node, atMs, restartAtMs }) => [
      { atMs, act: () => network.crash(node) },
      {
        atMs: restartAtMs,
        act: async () => {
          await network.restart(node)
          await block(network, node, groups)
        },
      },
    ]),
  ].toSorted((a, b) => a.atMs - b.atMs)
  for (const { atMs, act } of acts) {
    await delay(Math.max(0, startMs + atMs - performance.now()), undefined, { signal })
    await act()
  }
}

/** Who is down is told when it is back. */
async function block(
  network: LocalNetwork,
  node: number,
  groups: readonly number[],
): Promise<void> {
  if (!network.isRunning(node)) return
  const others = groups.flatMap((group, other) => (group === groups[node] ? [] : [other]))
  await network.block(node, others)
}
