import assert from 'node:assert/strict'
import { createNodeSigner, openReplica, type StorePort } from '@commonweal/node'
import { blockIdOf, builtInSubnets, networkIdOf, nobleVerify, present } from '@commonweal/protocol'
import type { LocalNetwork } from './local-network.ts'

/** What must hold of what stopped nodes left on disk, whatever happened to them. */
export async function checkWhatIsLeft(network: LocalNetwork): Promise<{ height: number }> {
  await Promise.all(network.nodes.map((node) => node.stop()))
  const stores = network.nodes.map((node) => node.openStore())
  try {
    const heights = stores.map((store) => store.head()?.header.height ?? 0)
    const height = Math.min(...heights)
    checkSameChain(stores, height)
    for (const store of stores) checkNobodySlashed(store)
    for (const [index, store] of stores.entries()) {
      checkRestores(network, index, store)
    }
    return { height }
  } finally {
    for (const store of stores) store.close()
  }
}

/** No two nodes have different final blocks at one height. */
function checkSameChain(stores: readonly StorePort[], height: number): void {
  for (let at = 1; at <= height; at += 1) {
    const ids = stores.map((store) => {
      const block = store.finalBlock(at)
      return block === undefined ? 'none' : blockIdOf(block.header)
    })
    assert.deepEqual([...new Set(ids)], [ids[0]], `height ${at}`)
    assert.notEqual(ids[0], 'none')
  }
}

/** Nobody proved a contradiction: nodes watch one another's votes and words, and report what they find. */
export function checkNobodySlashed(store: StorePort): void {
  const slashed = store.events({ afterHeight: 0, kinds: ['slashed'], countMax: 10 })
  const contradictions = slashed.filter(({ event }) => {
    const text = JSON.stringify(event)
    return text.includes('conflicting-votes') || text.includes('equivocation')
  })
  assert.deepEqual(contradictions, [])
}

/** Snapshot, blocks and journal lead to the state that the last final block certifies. */
function checkRestores(network: LocalNetwork, index: number, store: StorePort): void {
  const node = present(network.nodes[index], 'every store has its node')
  const { replica } = openReplica(
    {
      genesis: network.genesis,
      networkId: networkIdOf(network.genesis),
      verify: nobleVerify,
      subnets: builtInSubnets,
      signer: createNodeSigner(node.secretKey),
      votes: true,
      seed: null,
    },
    store,
    0,
  )
  const { header } = present(store.head(), 'the network made blocks')
  const { finalHeight, stateDigest } = replica.view()
  assert.deepEqual([finalHeight, stateDigest], [header.height, header.stateDigest], node.name)
}
