import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createNobleSigner, fromHex, peerIdOf } from '@commonweal/protocol'
import { COMMAND } from '../invocation.ts'
import { createKeyFile, keyPathOf } from '../key-file.ts'
import { createOutput } from '../output.ts'
import { CommandError } from '../usage-error.ts'

export interface KeysFlags {
  readonly data: string
  readonly json: boolean
}

/** Makes the key of a node that joins networks. An existing key is never replaced. */
export async function runKeysNew(flags: KeysFlags): Promise<void> {
  const isNew = await createKeyFile(flags.data)
  if (!isNew) {
    throw new CommandError(
      `${keyPathOf(flags.data)} is there already; a key is never replaced, take another folder`,
    )
  }
  await runKeysShow(flags)
}

/** Shows whom a key stands for. */
export async function runKeysShow(flags: KeysFlags): Promise<void> {
  const output = createOutput(flags)
  const path = keyPathOf(flags.data)
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CommandError(
      `no key in ${resolve(flags.data)}; make one with: ${COMMAND} keys new --data ${flags.data}`,
    )
  })
  if (!/^[0-9a-f]{64}\s*$/.test(text)) {
    throw new CommandError(`${path} holds no key: 64 hex digits are expected`)
  }
  const { agent } = createNobleSigner(fromHex(text.trim()))
  const shown = { agent, peerId: peerIdOf(agent), file: resolve(path) }
  output.json(shown)
  output.line(`agent    ${shown.agent}`)
  output.line(`peer id  ${shown.peerId}`)
  output.line(`secret   in ${shown.file}: whoever reads it can sign for this agent`)
}
