import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  cidOf,
  createNobleSigner,
  encode,
  nobleVerify,
  seal,
  secretKeyOf,
} from '@commonweal/protocol'
import { AGAIN_PAUSE_MS, AUTHOR_BURST, MessageIntake, SEEN_COUNT_MAX } from './intake.ts'

const networkId = cidOf(encode('the network of the intake test'))
const [alice, bob] = [0, 1].map((index) => createNobleSigner(secretKeyOf('intake-test', index)))

function createIntake(verify = nobleVerify): { intake: MessageIntake; checks: () => number } {
  let count = 0
  const intake = new MessageIntake({
    networkId,
    verify: (...given) => {
      count += 1
      return verify(...given)
    },
  })
  return { intake, checks: () => count }
}

function vote(signer: typeof alice, view: number): Uint8Array {
  assert.ok(signer !== undefined)
  return seal({ kind: 'nullify', author: signer.agent, epoch: 1, view }, networkId, signer).envelope
}

describe('the intake of messages', () => {
  it('checks a signature once, however often its message comes', () => {
    const { intake, checks } = createIntake()
    for (let count = 0; count < 3; count += 1) {
      const taken = intake.take(vote(alice, 1), count * AGAIN_PAUSE_MS)
      assert.equal(taken.ok && taken.value.kind, 'step')
    }
    assert.equal(checks(), 1)
  })

  it('remembers a refusal, and its code', () => {
    const { intake, checks } = createIntake()
    const forged = vote(alice, 1).map((byte, index, all) =>
      index === all.length - 1 ? byte ^ 1 : byte,
    )
    const first = intake.take(forged, 0)
    const again = intake.take(forged, 0)
    assert.equal(!first.ok && first.error.code, 'bad-signature')
    assert.deepEqual(again, first)
    assert.equal(checks(), 1)
  })

  it('hands out again what was ignored, and not what was accepted', () => {
    const { intake } = createIntake()
    const taken = intake.take(vote(alice, 1), 0)
    assert.ok(taken.ok)
    intake.judge(taken.value.message, 'ignore')
    const early = intake.take(vote(alice, 1), AGAIN_PAUSE_MS - 1)
    assert.equal(!early.ok && early.error.code, 'seen-just-now')
    const again = intake.take(vote(alice, 1), AGAIN_PAUSE_MS)
    assert.equal(again.ok && again.value.kind, 'step')
    intake.judge(taken.value.message, 'accept')
    const third = intake.take(vote(alice, 1), AGAIN_PAUSE_MS)
    assert.equal(third.ok && third.value.kind, 'accepted-before')
  })

  it('shows the core an accepted vote that comes again, but not at once', () => {
    const { intake } = createIntake()
    const isCallAt = (nowMs: number): boolean => {
      const taken = intake.take(vote(alice, 1), nowMs)
      assert.ok(taken.ok)
      intake.judge(taken.value.message, 'accept')
      return taken.value.kind === 'accepted-before' && taken.value.isCall
    }
    assert.deepEqual([0, AGAIN_PAUSE_MS - 1, AGAIN_PAUSE_MS].map(isCallAt), [false, false, true])
  })

  it('takes an author at its word however often others repeat what it said', () => {
    const { intake } = createIntake(() => true)
    for (let count = 0; count <= AUTHOR_BURST; count += 1) {
      const taken = intake.take(vote(alice, 1), 0)
      if (taken.ok) intake.judge(taken.value.message, 'ignore')
    }
    assert.ok(intake.take(vote(alice, 2), 0).ok)
  })

  it('slows one author and no other, and forged messages use up nobody’s rate', () => {
    const { intake } = createIntake(() => true)
    for (let view = 0; view < AUTHOR_BURST; view += 1) {
      assert.ok(intake.take(vote(alice, view), 0).ok)
    }
    const refused = intake.take(vote(alice, AUTHOR_BURST), 0)
    assert.equal(!refused.ok && refused.error.code, 'author-rate')
    assert.equal(!refused.ok && refused.error.verdict, 'ignore')
    assert.ok(intake.take(vote(bob, 1), 0).ok)
    assert.ok(intake.take(vote(alice, AUTHOR_BURST), 1_000).ok, 'time gives the rate back')

    const strict = createIntake(() => false).intake
    for (let view = 0; view <= AUTHOR_BURST; view += 1) {
      const forged = strict.take(vote(alice, view), 0)
      assert.equal(!forged.ok && forged.error.code, 'bad-signature')
    }
  })

  it('forgets the oldest of more than it may remember', () => {
    const { intake, checks } = createIntake(() => false)
    for (let index = 0; index <= SEEN_COUNT_MAX; index += 1) {
      intake.take(encode(index), 0)
    }
    const first = vote(alice, 1)
    intake.take(first, 0)
    intake.take(first, 0)
    assert.equal(checks(), 1)
    for (let index = 0; index <= SEEN_COUNT_MAX; index += 1) {
      intake.take(encode(-1 - index), 0)
    }
    intake.take(first, 0)
    assert.equal(checks(), 2)
  })
})
