import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Bundle, createLocalGenesis } from '@commonweal/node/local'
import { networkIdOf } from '@commonweal/protocol'
import { createJoinConfig, type KeepEpochs, parseKeepEpochs } from './join-config.ts'

const genesis = createLocalGenesis({ nodes: 4, seed: 'keep' })
const bundle: Bundle = {
  name: genesis.name,
  networkId: networkIdOf(genesis),
  genesis,
  bootNodes: [],
  checkpointAddresses: [],
  expiresAtMs: null,
  checkpoint: null,
}

function keptWith(keepEpochs: KeepEpochs, unbondingEpochs: number): number | null | undefined {
  const epochs = { ...genesis.epochs, unbondingEpochs }
  const given = { ...bundle, genesis: { ...genesis, epochs } }
  const part = { agent: {} }
  return createJoinConfig({ bundle: given, bundleFolder: '.', part, fault: null, keepEpochs })
    .keepEpochs
}

describe('a node that joins', () => {
  it('keeps as many epochs as stake stays bonded for, and no fewer than it needs', () => {
    assert.equal(keptWith(undefined, 5_000), 5_000)
    assert.equal(keptWith(undefined, 1), 2)
  })

  it('keeps as many as its operator says, or all', () => {
    assert.equal(keptWith(parseKeepEpochs('2'), 5_000), 2)
    assert.equal(keptWith(parseKeepEpochs('all'), 5_000), null)
  })

  it('is told what is accepted where that is none', () => {
    for (const text of ['1', '0', '-3', 'some', '2.5', '']) {
      assert.throws(() => parseKeepEpochs(text), /Accepted: a whole number from 2 on, or all/)
    }
  })
})
