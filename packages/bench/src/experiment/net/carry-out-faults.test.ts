import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { LocalNetwork, LocalNode } from '@commonweal/node/local'
import { carryOutFaults } from './carry-out-faults.ts'

const NODE_COUNT = 4

/** A network that notes what is done to it. */
function createNoted(): { readonly network: LocalNetwork; readonly acts: string[] } {
  const acts: string[] = []
  const down = new Set<number>()
  const node: LocalNode = {
    index: 0,
    dataFolder: '',
    pid: 1,
    name: '',
    peerId: '',
    agent: '',
    networkId: '',
    addresses: [],
    api: '',
    logFile: '',
  }
  const network: LocalNetwork = {
    nodes: Array.from({ length: NODE_COUNT }, () => node),
    networkId: '',
    isRunning: (index) => !down.has(index),
    block: async (index, others) => void acts.push(`${index} without ${others.join()}`),
    crash: async (index) => {
      down.add(index)
      acts.push(`crash ${index}`)
    },
    restart: async (index) => {
      down.delete(index)
      acts.push(`restart ${index}`)
    },
    addNewcomer: () => Promise.reject(new Error('nobody joins')),
    stop: async () => {},
    kill: () => {},
  }
  return { network, acts }
}

const { signal } = new AbortController()

describe('faults among real processes', () => {
  it('cut every link between the sides of a partition, and mend them after it', async () => {
    const { network, acts } = createNoted()
    const partitions = [{ nodes: [3], fromMs: 0, toMs: 2 }]
    await carryOutFaults(network, { partitions, crashes: [] }, signal)
    assert.deepEqual(acts, [
      '0 without 3',
      '1 without 3',
      '2 without 3',
      '3 without 0,1,2',
      '0 without ',
      '1 without ',
      '2 without ',
      '3 without ',
    ])
  })

  it('tell a node that was down during a cut of it when it is back', async () => {
    const { network, acts } = createNoted()
    const partitions = [{ nodes: [0, 1], fromMs: 1, toMs: 4 }]
    const crashes = [{ node: 1, atMs: 0, restartAtMs: 2 }]
    await carryOutFaults(network, { partitions, crashes }, signal)
    assert.deepEqual(acts.slice(0, 6), [
      'crash 1',
      '0 without 2,3',
      '2 without 0,1',
      '3 without 0,1',
      'restart 1',
      '1 without 2,3',
    ])
  })

  it('end when the run does', async () => {
    const over = new AbortController()
    const { network, acts } = createNoted()
    const crashes = [{ node: 1, atMs: 3_600_000, restartAtMs: 3_600_001 }]
    const work = carryOutFaults(network, { partitions: [], crashes }, over.signal)
    over.abort()
    await assert.rejects(work, { name: 'AbortError' })
    assert.deepEqual(acts, [])
  })
})
