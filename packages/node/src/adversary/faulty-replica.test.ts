import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  builtInSubnets,
  type Effect,
  type Input,
  networkIdOf,
  open,
  present,
  type ReplicaContext,
  seal,
  secretKeyOf,
} from '@commonweal/protocol'
import { createNodeSigner, createNodeVerify } from '../crypto.ts'
import { createLocalGenesis } from '../local/genesis.ts'
import { createMemoryStore } from '../store/memory.ts'
import { openFaultyReplica } from './faulty-replica.ts'
import { type Fault, parseFault, WIRE_KINDS } from './kinds.ts'

const SEED = 'faulty'
const genesis = createLocalGenesis({ nodes: 4, seed: SEED })
const networkId = networkIdOf(genesis)
const verify = createNodeVerify(16)
const context: ReplicaContext = {
  genesis,
  networkId,
  verify,
  subnets: builtInSubnets,
  signer: createNodeSigner(secretKeyOf(SEED, 0)),
  votes: true,
  seed: SEED,
}
const another = createNodeSigner(secretKeyOf(SEED, 1))

function faultOf(text: string): Fault {
  return present(parseFault(text), 'there is such a fault')
}

/** A word of another validator, which says that the network is there. */
function word(nowMs: number): Input {
  const vote = { kind: 'nullify', author: another.agent, epoch: 1, view: 0 } as const
  return { kind: 'message', message: seal(vote, networkId, another), from: another.agent, nowMs }
}

/** What a node with this fault sends as soon as it hears somebody, apart from what an honest one sends. */
function saidBy(text: string): readonly Uint8Array[] {
  const sent = (one: string): readonly Uint8Array[] => {
    const { replica } = openFaultyReplica({
      fault: faultOf(one),
      context,
      store: createMemoryStore(),
      nowMs: 0,
      die: () => assert.fail('it does not die'),
    })
    return replica.step(word(1)).flatMap(envelopeOf)
  }
  // A flood without its flood would be honest; so is a liar in sync, as far as its messages go.
  const honest = new Set(sent('lying-sync').map(String))
  return sent(text).filter((bytes) => !honest.has(String(bytes)))
}

function envelopeOf(effect: Effect): readonly Uint8Array[] {
  if (effect.kind === 'publish') return [effect.envelope]
  if (effect.kind !== 'send' || effect.frame.kind !== 'envelope') return []
  return [effect.frame.envelope]
}

describe('a replica with a fault', () => {
  const refusals: Partial<Record<(typeof WIRE_KINDS)[number], readonly string[]>> = {
    forge: ['bad-signature'],
    'replay-foreign': ['bad-signature'],
    oversize: ['malformed', 'too-large'],
  }
  for (const [kind, codes] of Object.entries(refusals)) {
    it(`of the kind ${kind} says what every node rejects as ${codes.join(' or ')}`, () => {
      const said = saidBy(kind)
      const found = said.map((envelope) => {
        const opened = open(envelope, context)
        assert.ok(!opened.ok)
        assert.equal(opened.error.verdict, 'reject')
        return opened.error.code
      })
      assert.deepEqual([...new Set(found)].toSorted(), codes)
    })
  }

  it('floods with what opens, once an epoch', () => {
    const said = saidBy('flood')
    assert.equal(said.length, 256)
    assert.ok(said.every((envelope) => open(envelope, context).ok))
  })

  it('keeps the rules until its epoch comes', () => {
    const { replica } = openFaultyReplica({
      fault: { ...faultOf('forge'), fromEpoch: 2 },
      context,
      store: createMemoryStore(),
      nowMs: 0,
      die: () => assert.fail('it does not die'),
    })
    const said = replica.step(word(1)).flatMap(envelopeOf)
    assert.ok(said.every((envelope) => open(envelope, context).ok))
  })

  it('stands still while it pauses, and then takes in what came', () => {
    const { replica } = openFaultyReplica({
      fault: faultOf('pause(2s)'),
      context,
      store: createMemoryStore(),
      nowMs: 0,
      die: () => assert.fail('it does not die'),
    })
    assert.deepEqual(replica.step(word(1)), [])
    assert.equal(replica.nextDeadlineMs(), 2_001)
    assert.notDeepEqual(replica.step({ kind: 'tick', nowMs: 2_001 }), [])
  })

  it('does not die before a block is final', () => {
    let deaths = 0
    const { replica } = openFaultyReplica({
      fault: faultOf('crash'),
      context,
      store: createMemoryStore(),
      nowMs: 0,
      die: () => {
        deaths += 1
      },
    })
    replica.step(word(1))
    assert.equal(deaths, 0)
  })
})
