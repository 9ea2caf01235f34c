import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AgentId, present } from '@commonweal/protocol'
import { agentOf, reporting } from '@commonweal/protocol/testing'
import type { Customer } from '../agent/forecast/forecaster.ts'
import { CUSTOMER_COUNT_MAX, CustomerDesk } from './customer-desk.ts'
import { DeskBench, ME, madeForecaster } from './desk-bench.ts'

const statement = reporting(8_000)

/** To whom the desk has sent statements. */
function served(bench: DeskBench): readonly string[] {
  return bench.sent.flatMap(({ to, frame }) => (frame.kind === 'statement' ? [to] : []))
}

describe('what the agent sealed', () => {
  it('goes to all that have asked, as soon as it is sealed, with what opens it', () => {
    const bench = new DeskBench(madeForecaster())
    for (const name of ['3', '4']) bench.subscribe(name)
    const question = bench.openQuestion()
    const sealed = bench.sealed(question, statement)
    bench.desk.sealed(sealed)
    const { salt } = sealed
    const frame = { kind: 'statement', question, snapshot: 0, statement, salt } as const
    assert.deepEqual(bench.sent, [
      { to: '3', frame },
      { to: '4', frame },
    ])
  })

  it('goes to who asks later, as long as the snapshot takes seals', () => {
    const bench = new DeskBench(madeForecaster())
    const { world } = bench
    const question = bench.openQuestion()
    bench.desk.sealed(bench.sealed(question, statement))
    bench.subscribe('3')
    assert.deepEqual(served(bench), ['3'])
    const { closeHeight } = present(world.question(question).snapshots[0], 'it has one')
    world.advanceTo(closeHeight - 1)
    bench.subscribe('4')
    assert.deepEqual(served(bench), ['3', '4'])
    world.advanceTo(closeHeight)
    bench.subscribe('2')
    assert.deepEqual(served(bench), ['3', '4'])
  })

  it('goes to nobody that the forecaster does not serve', () => {
    const serves = ({ agent }: Customer): boolean => agent === agentOf(3)
    const bench = new DeskBench(madeForecaster({ serves }))
    for (const name of ['3', '4']) bench.subscribe(name)
    bench.desk.sealed(bench.sealed(bench.openQuestion(), statement))
    bench.subscribe('2')
    assert.deepEqual(served(bench), ['3'])
  })

  it('is told again once a block to who asks again and again', () => {
    const bench = new DeskBench(madeForecaster())
    bench.desk.sealed(bench.sealed(bench.openQuestion(), statement))
    for (let count = 0; count < 10; count += 1) bench.subscribe('3')
    assert.deepEqual(served(bench), ['3'])
    bench.world.block()
    for (let count = 0; count < 10; count += 1) bench.subscribe('3')
    assert.deepEqual(served(bench), ['3', '3'])
  })

  it('goes to 256 that have asked, and not to the first of one more', () => {
    const servedOf = (count: number): readonly AgentId[] => {
      const sent: AgentId[] = []
      const bench = new DeskBench(madeForecaster())
      const desk = new CustomerDesk({
        agent: agentOf(ME),
        ledger: () => bench.world.ledger,
        question: (id) => ({ ...bench.world.question(id), id }),
        serves: () => true,
        send: (to) => sent.push(to),
      })
      for (let index = 0; index < count; index += 1) desk.come(agentOf(100 + index))
      desk.sealed(bench.sealed(bench.openQuestion(), statement))
      return sent
    }
    assert.equal(servedOf(CUSTOMER_COUNT_MAX).length, 256)
    const [one, all] = [agentOf(100), servedOf(CUSTOMER_COUNT_MAX + 1)]
    assert.deepEqual([all.length, all.includes(one)], [256, false])
  })

  it('goes no more to who has gone, until it asks again', () => {
    const bench = new DeskBench(madeForecaster())
    bench.subscribe('3')
    bench.desk.onPeerGone(agentOf(3))
    bench.desk.sealed(bench.sealed(bench.openQuestion(), statement))
    assert.deepEqual(served(bench), [])
    bench.subscribe('3')
    assert.deepEqual(served(bench), ['3'])
  })
})

describe('a question that is forgotten', () => {
  it('takes what was sealed on it with it, and nothing else', () => {
    const bench = new DeskBench(madeForecaster())
    const ids = [bench.openQuestion(), bench.openQuestion()]
    const [gone, kept] = ids.map((id) => bench.sealed(id, statement))
    assert.ok(gone !== undefined && kept !== undefined)
    const sent: string[] = []
    const desk = new CustomerDesk({
      agent: agentOf(ME),
      ledger: () => bench.world.ledger,
      question: (id) => ({ ...bench.world.question(id), id }),
      serves: (_, { id }) => sent.push(id) > 0,
      send: () => {},
    })
    for (const sealed of [gone, kept]) desk.sealed(sealed)
    desk.forget(gone.question)
    desk.come(agentOf(3))
    assert.deepEqual(sent, [kept.question])
  })
})

describe('what the forecaster is told of a customer', () => {
  it('is what passes to it by the stream in force when the question opened', () => {
    const asked: number[] = []
    const serves = ({ bps }: Customer): boolean => asked.push(bps) > 0
    const bench = new DeskBench(madeForecaster({ serves }))
    const { world } = bench
    const pay = (bps: number): void => {
      const shares = [{ to: agentOf(ME), bps }]
      assert.equal(world.codeOf(4, { kind: 'stream', shares }), 'ok')
    }
    bench.subscribe('4')
    const early = bench.openQuestion()
    pay(500)
    const late = bench.openQuestion()
    pay(700)
    bench.desk.sealed(bench.sealed(early, statement))
    bench.desk.sealed(bench.sealed(late, statement))
    assert.deepEqual(asked, [0, 500])
  })

  it('is on how many settled questions the agent itself has spoken, also after a restart', () => {
    const asked: number[] = []
    const serves = ({ servedCount }: Customer): boolean => asked.push(servedCount) > 0
    const bench = new DeskBench(madeForecaster({ serves }))
    const { world } = bench
    bench.subscribe('4')
    for (const said of [
      { [ME]: 8_000 },
      { '2': 8_000 },
      { [ME]: null },
      { [ME]: 7_000, '2': 1_000 },
    ]) {
      world.playQuestion(said)
    }
    const sealed = bench.sealed(bench.openQuestion(), statement)
    bench.desk.sealed(sealed)
    const restarted = bench.restart(madeForecaster({ serves }))
    restarted.desk.sealed(sealed)
    restarted.subscribe('3')
    assert.deepEqual(asked, [2, 2], 'one it did not speak on, one it did not open')
  })
})
