import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { decode, encode } from '../codec/cbor.ts'
import type { Ledger } from '../ledger/draft.ts'
import { loadLedger } from '../ledger/load.ts'
import { LedgerWorld, type WorldChoice } from '../testing/index.ts'
import { buildBlock, executeBlock } from './execute-block.ts'
import { blocksArbitrary, meaningOf, type RandomAct } from './random-acts.test.ts'

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 60)

/** Runs of two rounds, so that seats change, under either binding and timing, with and without a signal. */
const worldArbitrary: fc.Arbitrary<WorldChoice> = fc
  .record({
    binding: fc.constantFrom('members', 'signers'),
    contractDelay: fc.constantFrom(0, 1),
    mode: fc.constantFrom('deterministic', 'iid', 'private-signal', 'hysteresis'),
    repeat: fc.boolean(),
  })
  .map(({ mode, ...instance }) => {
    const params = { rounds: 2, regeneration: { mode } }
    return { agents: 7, seated: 5, instance: { ...instance, params } }
  })

/** Plays random blocks; what each block's builder put into it, and the digest after it. */
function play(world: LedgerWorld, blocks: readonly (readonly RandomAct[])[]) {
  return blocks.map((acts) => {
    const parent = world.ledger
    const candidates = world.signAll(acts.flatMap((act) => meaningOf(world, act)))
    const built = buildBlock(world.context, parent, candidates)
    const executed = world.execute(built.transactions)
    assert.ok(executed.ok, 'what was built is valid')
    const digest = executed.value.ledger.digest()
    assert.equal(built.post.ledger.digest(), digest)
    assert.deepEqual(built.post.receipts, executed.value.receipts)
    assert.deepEqual(built.post.nextSet, executed.value.nextSet)
    return { parent, transactions: built.transactions, digest }
  })
}

/** The ledger as a peer gets it: entries, encoded and decoded. */
function reload(ledger: Ledger): Ledger {
  const entries = [...ledger.entries()].map(([key, value]): [string, unknown] => {
    const decoded = decode(encode(value), 2 ** 20)
    assert.ok(decoded.ok)
    return [key, decoded.value]
  })
  return loadLedger(entries)
}

test('whatever is done in whatever order, nothing throws, no value appears or is lost, and who executes a block agrees with who built it', () => {
  fc.assert(
    fc.property(worldArbitrary, blocksArbitrary, (choice, blocks) => {
      play(new LedgerWorld(choice), blocks)
    }),
    { numRuns: RUNS },
  )
})

test('from a snapshot a ledger goes on as if it had never been written down', () => {
  fc.assert(
    fc.property(worldArbitrary, blocksArbitrary, fc.nat(), (choice, blocks, at) => {
      const world = new LedgerWorld(choice)
      const played = play(world, blocks)
      const rest = played.slice(at % played.length)
      const [first] = rest
      assert.ok(first !== undefined)
      let ledger = reload(first.parent)
      assert.equal(ledger.digest(), first.parent.digest())
      assert.deepEqual([...ledger.entries()], [...first.parent.entries()])
      for (const { transactions, digest } of rest) {
        const executed = executeBlock(world.context, ledger, transactions)
        assert.ok(executed.ok)
        ledger = executed.value.ledger
        assert.equal(ledger.digest(), digest)
      }
      assert.deepEqual([...ledger.entries()], [...world.ledger.entries()])
    }),
    { numRuns: RUNS },
  )
})
