import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AgentId, peerIdOf } from '@commonweal/protocol'
import { agentOf } from '@commonweal/protocol/testing'
import { DEFAULT_LIMITS } from '../network/limits.ts'
import type { SendReceiver } from '../network/port.ts'
import { TransportError } from '../network/transport-error.ts'
import { DeskBench, madeForecaster } from './desk-bench.ts'
import { encodeSignalFrame, SIGNAL_FRAME_SIZE_MAX, type SignalFrame } from './signal-frame.ts'
import { receiveSignals, sendSignal } from './signal-traffic.ts'

const peer = peerIdOf(agentOf(3))

describe('a frame of a peer', () => {
  function receive(bytes: Uint8Array, from: string): readonly unknown[] {
    const penalties: unknown[] = []
    let receiver: SendReceiver = () => {}
    const host = {
      onSend: (protocol: string, given: SendReceiver): void => {
        assert.equal(protocol, 'signal')
        receiver = given
      },
      penalise: (...penalty: readonly unknown[]): void => void penalties.push(penalty),
    }
    const bench = new DeskBench(madeForecaster())
    receiveSignals(host, bench.desk)
    receiver(bytes, from)
    return penalties
  }

  it('costs its sender like a rejected message where it is none, and nothing where it is one', () => {
    assert.deepEqual(receive(encodeSignalFrame({ kind: 'subscribe' }), peer), [])
    for (const bytes of [Uint8Array.of(1, 2), new Uint8Array(SIGNAL_FRAME_SIZE_MAX + 1)]) {
      assert.deepEqual(receive(bytes, peer), [[peer, DEFAULT_LIMITS.rejectPoints, 'bad-signal']])
    }
  })

  it('is not read where it is a statement that nobody asked for', () => {
    const stranger = peerIdOf(agentOf(4))
    for (const bytes of [Uint8Array.of(1, 2), new Uint8Array(SIGNAL_FRAME_SIZE_MAX)]) {
      const isShort = bytes.length < encodeSignalFrame({ kind: 'subscribe' }).length
      assert.equal(receive(bytes, stranger).length, isShort ? 1 : 0)
    }
  })

  it('is taken for the agent whose key the connection has', () => {
    const froms: AgentId[] = []
    const onFrame = (_: SignalFrame, from: AgentId): void => void froms.push(from)
    const bytes = encodeSignalFrame({ kind: 'subscribe' })
    let receiver: SendReceiver = () => {}
    const host = { onSend: (_: unknown, given: SendReceiver) => (receiver = given) }
    const desk = { onFrame, listensTo: () => true }
    receiveSignals({ ...host, penalise: assert.fail }, desk)
    receiver(bytes, peer)
    receiver(bytes, 'no peer id of a key')
    assert.deepEqual(froms, [agentOf(3)])
  })
})

describe('a frame to an agent', () => {
  it('goes to its node, and is lost without a word where that is not connected', async () => {
    const sent: unknown[] = []
    const send = async (...given: readonly unknown[]): Promise<void> => {
      sent.push(given)
      throw new TransportError('not-connected', 'nobody is there')
    }
    sendSignal({ send }, agentOf(3), { kind: 'subscribe' })
    assert.deepEqual(sent, [[peer, 'signal', encodeSignalFrame({ kind: 'subscribe' })]])
  })
})
