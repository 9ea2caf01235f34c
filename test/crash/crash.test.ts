import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import {
  createLocalGenesis,
  createMemoryStore,
  createNodeSigner,
  createNodeVerify,
} from '@commonweal/node'
import {
  type AgentId,
  builtInSubnets,
  type Cid,
  cidOf,
  type JournalRecord,
  networkIdOf,
  open,
  present,
  type ReplicaContext,
  secretKeyOf,
} from '@commonweal/protocol'
import { createRandom } from '../random.ts'
import { Crash } from './crashing-store.ts'
import { Life } from './life.ts'
import { VirtualNetwork } from './virtual-network.ts'

const SEED = 'crash'
/** Four validators: three of them go on while the fourth is dead. */
const NODES = 4
const genesis = createLocalGenesis({
  nodes: NODES,
  seed: SEED,
  contract: 'none',
  rounds: 4,
  repeat: true,
})
const networkId = networkIdOf(genesis)
const verify = createNodeVerify(64)
const contexts = Array.from({ length: NODES }, (_, index): ReplicaContext => {
  const signer = createNodeSigner(secretKeyOf(SEED, index))
  return { genesis, networkId, verify, subnets: builtInSubnets, signer, votes: true, seed: SEED }
})
/** Transactions of one life of the node at which it is killed, from 1 to this. */
const COMMITS = 40
/** Of all that is sent. */
const LOSS_PERCENT = 30

describe('a node that dies at a write', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'commonweal-crash-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  for (const when of ['before', 'after'] as const) {
    it(`loses nothing that it acknowledged, and contradicts itself never: ${when} each of ${COMMITS} writes`, async () => {
      const [context, ...others] = contexts
      assert.ok(context !== undefined)
      const wire = new Wire(context.signer.agent)
      const random = createRandom(when)
      // What gets lost makes views time out, so that there is something to contradict.
      const isLost = (): boolean => random(100) < LOSS_PERCENT
      const onWire = wire.watch.bind(wire)
      const network = new VirtualNetwork({ onWire, isLost })
      for (const other of others) network.start(other, createMemoryStore(), rethrow)

      for (let commit = 1; commit <= COMMITS; commit += 1) {
        const life = new Life(context, folder, { commit, when }, (records) =>
          wire.acknowledge(records),
        )
        wire.acknowledge(life.found)
        network.start(context, life.store, (error) => life.end(error))
        await network.run(`life ${commit} ends at its write`, () => life.isOver, 120_000)
        assert.ok(life.fault instanceof Crash, String(life.fault))
        life.checkNothingLost()
      }

      const life = new Life(context, folder, null, (records) => wire.acknowledge(records))
      wire.acknowledge(life.found)
      const { store } = life
      const member = network.start(context, store, rethrow)
      const goal = Math.max(...network.members().map(({ finalHeight }) => finalHeight())) + 5
      await network.run(
        'it catches up',
        () => network.members().every(({ finalHeight }) => finalHeight() >= goal),
        120_000,
      )
      const { header } = present(store.head(), 'it made blocks')
      assert.deepEqual(
        [member.finalHeight(), member.stateDigest()],
        [header.height, header.stateDigest],
      )
      assert.deepEqual(store.events({ afterHeight: 0, kinds: ['slashed'], countMax: 9 }), [])
      assert.ok(wire.count > COMMITS, 'it voted')
      for (const each of network.members()) each.loop.stop()
      store.close()
    })
  }
})

/** Watches what one agent says: it is on disk when it goes out, and nothing contradicts anything. */
class Wire {
  count = 0
  readonly #acknowledged = new Set<string>()
  readonly #agent: AgentId
  readonly #votes = new Map<string, Cid | null>()

  constructor(agent: AgentId) {
    this.#agent = agent
  }

  watch(from: AgentId, envelope: Uint8Array): void {
    if (from !== this.#agent) return
    const opened = open(envelope, { networkId, verify })
    assert.ok(opened.ok)
    const { message } = opened.value
    if (message.author !== this.#agent) return
    assert.ok(
      this.#acknowledged.has(cidOf(envelope)),
      `a ${message.kind} is on disk before it is on the wire`,
    )
    this.count += 1
    if (message.kind !== 'notarize' && message.kind !== 'finalize' && message.kind !== 'nullify') {
      return
    }
    const at = `${message.epoch}/${message.view}`
    const block = message.kind === 'nullify' ? null : message.block
    const before = this.#votes.get(`${message.kind}/${at}`)
    assert.ok(before === undefined || before === block, `two of ${message.kind} in ${at}`)
    this.#votes.set(`${message.kind}/${at}`, block)
    const isBoth = this.#votes.has(`nullify/${at}`) && this.#votes.has(`finalize/${at}`)
    assert.ok(!isBoth, `nullify and finalize in ${at}`)
  }

  /** Records that the disk holds from here on. */
  acknowledge(records: readonly JournalRecord[]): void {
    for (const record of records) {
      if (record.kind === 'signed') this.#acknowledged.add(cidOf(record.envelope))
    }
  }
}

function rethrow(error: Error): never {
  throw error
}
