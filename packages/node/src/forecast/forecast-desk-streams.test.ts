import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StreamShares } from '@commonweal/protocol'
import { agentOf } from '@commonweal/protocol/testing'
import { DeskBench, ME, madeForecaster } from './desk-bench.ts'

describe('the streams of an agent', () => {
  const to = (name: string, bps: number): StreamShares => [{ to: agentOf(name), bps }]

  /** What a desk submits after a question, where its agent then wants these streams. */
  function submittedAfter(bench: DeskBench): readonly StreamShares[] {
    const before = bench.commands.length
    bench.world.playQuestion({ '2': 8_000 })
    return bench.commands.slice(before).map((command) => {
      assert.ok(command.kind === 'submit' && command.body.kind === 'stream')
      return command.body.shares
    })
  }

  it('are submitted where they differ from those of the ledger, and not else', () => {
    let wanted: StreamShares | null = null
    const bench = new DeskBench(madeForecaster({ chooseStreams: () => wanted }))
    assert.deepEqual(submittedAfter(bench), [], 'it changes nothing')
    wanted = []
    assert.deepEqual(submittedAfter(bench), [], 'it pays nobody, and has paid nobody')
    wanted = to('2', 500)
    assert.deepEqual(submittedAfter(bench), [wanted])
    bench.world.act(ME, { kind: 'stream', shares: wanted })
    assert.deepEqual(submittedAfter(bench), [])
    for (const other of [to('2', 501), to('3', 500), []]) {
      wanted = other
      assert.deepEqual(submittedAfter(bench), [other])
    }
  })

  it('are submitted after a restart, where the node died before it had changed them', () => {
    const choosing = madeForecaster({ chooseStreams: () => to('2', 500) })
    const bench = new DeskBench(madeForecaster())
    bench.world.playQuestion({ '2': 8_000 })
    const restarted = bench.restart(choosing)
    assert.equal(restarted.commands.length, 0, 'nobody takes commands before there is a node')
    bench.world.block()
    bench.world.block()
    assert.deepEqual(
      restarted.commands.map((command) => command.kind === 'submit' && command.body),
      [{ kind: 'stream', shares: to('2', 500) }],
    )
  })

  it('wait for an agent that thinks about them, who is told what it passes on, and stay where it fails', async () => {
    const thought: StreamShares[] = []
    let wanted: StreamShares | null = null
    const bench = new DeskBench(
      madeForecaster({
        assignCredit: async (current) => {
          thought.push(current)
          if (thought.length === 3) throw new Error('no idea')
          wanted = to('2', 500 * thought.length)
        },
        chooseStreams: () => {
          const chosen = wanted
          wanted = null
          return chosen
        },
      }),
    )
    const paid = to('2', 500)
    assert.deepEqual(submittedAfter(bench), [], 'it is still thinking')
    await bench.answered()
    assert.equal(bench.commands.length, 1)
    bench.world.act(ME, { kind: 'stream', shares: paid })
    bench.world.playQuestion({ '2': 8_000 })
    await bench.answered()
    bench.world.playQuestion({ '2': 8_000 })
    await bench.answered()
    assert.deepEqual(thought, [[], paid, paid])
    assert.deepEqual(
      bench.commands.map((command) => command.kind === 'submit' && command.body),
      [paid, to('2', 1_000)].map((shares) => ({ kind: 'stream', shares })),
    )
    assert.deepEqual(
      bench.faults.map(({ code }) => code),
      ['agent-failed'],
    )
  })

  it('are changed no more by an agent that thought until the desk was closed', async () => {
    const bench = new DeskBench(
      madeForecaster({ assignCredit: async () => {}, chooseStreams: () => to('2', 500) }),
    )
    bench.world.playQuestion({ '2': 8_000 })
    bench.desk.close()
    await bench.answered()
    assert.deepEqual(bench.commands, [])
  })

  it('are chosen once for all questions that a block settles', () => {
    const bench = new DeskBench(madeForecaster({ chooseStreams: () => to('2', 500) }))
    const { world } = bench
    const ids = [world.ask(0), world.ask(0)]
    for (const id of ids) world.advanceToStage(id, 'waiting')
    world.advanceTo(Math.max(...ids.map((id) => world.question(id).resolveHeight)) - 1)
    world.block(...ids.map((id) => ['0', world.resolution(id)] as const))
    world.endEpoch()
    assert.ok(ids.every((id) => !world.hasQuestion(id)))
    assert.equal(bench.commands.length, 1)
  })
})
