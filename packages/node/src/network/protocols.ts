import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import type { Admission } from './admission.ts'
import { HELLO_PROTOCOL } from './handshake.ts'
import type { LastingStreams } from './lasting-streams.ts'
import type { SendProtocol } from './port.ts'
import { SYNC_PROTOCOL } from './request.ts'
import type { Responder } from './responder.ts'

/** [WIRE-2] */
export const CONSENSUS_PROTOCOL = '/commonweal/consensus/1'
/** What forecasting agents send those who pay for it. [WIRE-2] [WIRE-20] */
export const SIGNAL_PROTOCOL = '/commonweal/signal/1'

/** [WIRE-10] Streams of one of our protocols that one connection may have open towards us. */
const INBOUND_STREAMS_MAX = { hello: 2, consensus: 4, signal: 4, sync: 16 }

export interface ProtocolServers {
  readonly admission: Admission
  readonly lasting: Readonly<Record<SendProtocol, LastingStreams>>
  readonly responder: Responder
}

/** Registers our direct protocols; all but the handshake wait for the handshake. */
export async function serveProtocols(libp2p: Libp2p, servers: ProtocolServers): Promise<void> {
  const { admission, lasting, responder } = servers
  await libp2p.handle(HELLO_PROTOCOL, (stream, connection) => admission.serve(stream, connection), {
    maxInboundStreams: INBOUND_STREAMS_MAX.hello,
  })
  await libp2p.handle(
    CONSENSUS_PROTOCOL,
    admitted(admission, (stream, from) => lasting.consensus.serve(stream, from)),
    { maxInboundStreams: INBOUND_STREAMS_MAX.consensus },
  )
  await libp2p.handle(
    SIGNAL_PROTOCOL,
    admitted(admission, (stream, from) => lasting.signal.serve(stream, from)),
    { maxInboundStreams: INBOUND_STREAMS_MAX.signal },
  )
  await libp2p.handle(
    SYNC_PROTOCOL,
    admitted(admission, (stream, from) => responder.serve(stream, from)),
    { maxInboundStreams: INBOUND_STREAMS_MAX.sync },
  )
}

/** [WIRE-6] A handler that serves a stream once its peer has passed the handshake. */
function admitted(
  admission: Admission,
  serve: (stream: Stream, from: string) => Promise<void>,
): (stream: Stream, connection: Connection) => Promise<void> {
  return async (stream, connection) => {
    if (await admission.passed(connection)) await serve(stream, connection.remotePeer.toString())
    else stream.abort(new Error('the peer did not pass the handshake'))
  }
}
