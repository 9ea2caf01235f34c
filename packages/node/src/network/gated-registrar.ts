import type { GossipSubComponents } from '@chainsafe/libp2p-gossipsub'
import type { Connection, PeerId, StreamHandler, Topology } from '@libp2p/interface'

type Registrar = GossipSubComponents['registrar']

/** Says, when the connection's handshake is over, whether the peer was let in. */
export type Gate = (connection: Connection) => Promise<boolean>

/**
 * The registrar as gossip sees it: a peer exists only from its handshake to its departure. Inbound gossip streams wait
 * at the gate, and gossip learns of peers from us instead of from identify.
 *
 * Source  spec/wire.md §2 [WIRE-6]
 */
export class GatedRegistrar implements Registrar {
  readonly #inner: Registrar
  readonly #gate: Gate
  readonly #topologies = new Map<string, { protocol: string; topology: Topology }>()

  constructor(inner: Registrar, gate: Gate) {
    this.#inner = inner
    this.#gate = gate
  }

  /** Opens gossip to an admitted peer; harmless where it is open already. */
  connect(peerId: PeerId, connection: Connection): void {
    for (const topology of this.#distinct()) void topology.onConnect?.(peerId, connection)
  }

  disconnect(peerId: PeerId): void {
    for (const topology of this.#distinct()) void topology.onDisconnect?.(peerId)
  }

  handle: Registrar['handle'] = (protocol, handler, options) => {
    const gated: StreamHandler = async (stream, connection) => {
      if (await this.#gate(connection)) await handler(stream, connection)
      else stream.abort(new Error('the peer did not pass the handshake'))
    }
    return this.#inner.handle(protocol, gated, options)
  }

  register: Registrar['register'] = (protocol, topology) => {
    const id = `gated-${this.#topologies.size}-${protocol}`
    this.#topologies.set(id, { protocol, topology })
    return Promise.resolve(id)
  }

  unregister: Registrar['unregister'] = (id) => {
    this.#topologies.delete(id)
  }

  /** None: whoever calls a topology by itself would go around the gate. */
  getTopologies: Registrar['getTopologies'] = () => []

  getProtocols: Registrar['getProtocols'] = () => this.#inner.getProtocols()
  unhandle: Registrar['unhandle'] = (protocol, options) => this.#inner.unhandle(protocol, options)
  getHandler: Registrar['getHandler'] = (protocol) => this.#inner.getHandler(protocol)
  use: Registrar['use'] = (protocol, middleware) => this.#inner.use(protocol, middleware)
  unuse: Registrar['unuse'] = (protocol) => this.#inner.unuse(protocol)
  getMiddleware: Registrar['getMiddleware'] = (protocol) => this.#inner.getMiddleware(protocol)

  /** Gossip registers the same topology under each version of its protocol. */
  #distinct(): Set<Topology> {
    return new Set([...this.#topologies.values()].map((entry) => entry.topology))
  }
}
