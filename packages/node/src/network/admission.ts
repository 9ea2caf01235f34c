import type { Connection, Stream } from '@libp2p/interface'
import type { HandshakeOutcome } from './handshake.ts'
import { acceptHandshake, openHandshake } from './handshake.ts'
import type { NetworkLimits } from './limits.ts'
import type { HandshakeRefusal, Hello } from './port.ts'

/** A peer with at least one connection that passed the handshake. */
export interface AdmittedPeer {
  readonly peerId: string
  readonly hello: Hello
  readonly sinceMs: number
  /** Open connections that passed, oldest first; never empty. */
  readonly connections: readonly Connection[]
}

export interface AdmissionOptions {
  /** Known only once libp2p is there. */
  readonly selfId: () => string
  readonly ours: () => Hello
  readonly limits: NetworkLimits
  readonly nowMs: () => number
  /** Ends every handshake: the host stops. */
  readonly signal: AbortSignal
  readonly onUp: (peer: AdmittedPeer) => void
  readonly onDown: (peerId: string) => void
  readonly onRefused: (refusal: HandshakeRefusal) => void
}

type Settled = 'passed' | 'failed'

interface Pending {
  readonly settled: Promise<Settled>
  /** Settles the handshake; says whether it had not been settled before. */
  readonly settle: (how: Settled) => boolean
}

/**
 * Who is in: runs the handshake on every connection, keeps the table of admitted peers, and makes every other protocol
 * wait for it.
 *
 * Source  spec/wire.md §2 [WIRE-5] [WIRE-6]
 */
export class Admission {
  readonly #options: AdmissionOptions
  readonly #pending = new WeakMap<Connection, Pending>()
  readonly #peers = new Map<string, AdmittedPeer>()

  constructor(options: AdmissionOptions) {
    this.#options = options
  }

  get(peerId: string): AdmittedPeer | undefined {
    return this.#peers.get(peerId)
  }

  list(): AdmittedPeer[] {
    return [...this.#peers.values()]
  }

  /** The connection that both sides use where there are several. */
  connection(peerId: string): Connection | undefined {
    const peer = this.#peers.get(peerId)
    return peer === undefined
      ? undefined
      : preferConnection(this.#options.selfId(), peer.connections)
  }

  /** Resolves when the connection's handshake is over; says whether it passed. */
  async passed(connection: Connection): Promise<boolean> {
    return (await this.#expect(connection).settled) === 'passed'
  }

  /** A connection opened: the side that dialled starts the handshake, the other waits for it, but not for ever. */
  opened(connection: Connection): void {
    const signal = this.#signal()
    if (connection.direction === 'outbound') {
      const options = { ours: this.#options.ours(), limits: this.#options.limits, signal }
      this.#conclude(connection, signal, openHandshake(connection, options))
      return
    }
    const onTimeout = (): void => this.#failed(connection, signal, signal.reason)
    signal.addEventListener('abort', onTimeout, { once: true })
    void this.passed(connection).then(() => signal.removeEventListener('abort', onTimeout))
  }

  /** The other side opened its handshake stream. */
  serve(stream: Stream, connection: Connection): void {
    const { limits, ours } = this.#options
    const signal = this.#signal()
    this.#conclude(connection, signal, acceptHandshake(stream, { ours: ours(), limits, signal }))
  }

  closed(connection: Connection): void {
    this.#expect(connection).settle('failed')
    const peerId = connection.remotePeer.toString()
    const peer = this.#peers.get(peerId)
    if (peer === undefined || !peer.connections.includes(connection)) return
    const connections = peer.connections.filter((other) => other !== connection)
    if (connections.length > 0) {
      this.#peers.set(peerId, { ...peer, connections })
      return
    }
    this.#peers.delete(peerId)
    this.#options.onDown(peerId)
  }

  #conclude(
    connection: Connection,
    signal: AbortSignal,
    handshake: Promise<HandshakeOutcome>,
  ): void {
    handshake.then(
      (outcome) => {
        if (outcome.kind === 'passed') this.#admit(connection, outcome.hello)
        else this.#refuse(connection, outcome)
      },
      (error: unknown) => this.#failed(connection, signal, error),
    )
  }

  #admit(connection: Connection, hello: Hello): void {
    if (connection.status !== 'open') return
    const { nowMs, onUp } = this.#options
    const peerId = connection.remotePeer.toString()
    const known = this.#peers.get(peerId)
    if (known?.connections.includes(connection) === true) return
    const peer: AdmittedPeer = {
      peerId,
      hello,
      sinceMs: known?.sinceMs ?? nowMs(),
      connections: [...(known?.connections ?? []), connection],
    }
    this.#peers.set(peerId, peer)
    if (known === undefined) onUp(peer)
    this.#expect(connection).settle('passed')
  }

  // [WIRE-5]
  #refuse(
    connection: Connection,
    outcome: { code: HandshakeRefusal['code']; by: 'us' | 'them'; theirs: Hello | undefined },
  ): void {
    if (!this.#expect(connection).settle('failed')) return
    this.#options.onRefused({
      peerId: connection.remotePeer.toString(),
      address: connection.remoteAddr.toString(),
      code: outcome.code,
      by: outcome.by,
      theirs: outcome.theirs,
    })
    void connection.close().catch((error: Error) => connection.abort(error))
  }

  #failed(connection: Connection, signal: AbortSignal, error: unknown): void {
    if (this.#options.signal.aborted || connection.status !== 'open') {
      this.#expect(connection).settle('failed')
      return
    }
    if (signal.aborted) {
      this.#refuse(connection, { code: 'handshake-timeout', by: 'us', theirs: undefined })
      return
    }
    this.#expect(connection).settle('failed')
    connection.abort(error instanceof Error ? error : new Error(String(error)))
  }

  #expect(connection: Connection): Pending {
    const known = this.#pending.get(connection)
    if (known !== undefined) return known
    const { promise, resolve } = Promise.withResolvers<Settled>()
    let isSettled = false
    const settle = (how: Settled): boolean => {
      const isFirst = !isSettled
      isSettled = true
      resolve(how)
      return isFirst
    }
    const pending = { settled: promise, settle }
    this.#pending.set(connection, pending)
    return pending
  }

  #signal(): AbortSignal {
    const { signal, limits } = this.#options
    return AbortSignal.any([signal, AbortSignal.timeout(limits.helloTimeoutMs)])
  }
}

/**
 * Of several connections to one peer, the one that the lower peer id dialled, and of those the newest: both sides
 * choose alike.
 *
 * Source  spec/wire.md §3 [WIRE-11]
 */
export function preferConnection(
  selfId: string,
  connections: readonly Connection[],
): Connection | undefined {
  const isByLower = (connection: Connection): boolean =>
    (connection.direction === 'outbound') === selfId < connection.remotePeer.toString()
  return connections.toSorted(
    (a, b) => Number(isByLower(b)) - Number(isByLower(a)) || b.timeline.open - a.timeline.open,
  )[0]
}
