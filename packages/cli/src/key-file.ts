import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** In a joining node's data folder: its Ed25519 secret, 64 hex digits. */
export const KEY_FILE = 'node.key'

export function keyPathOf(folder: string): string {
  return join(folder, KEY_FILE)
}

/** Makes a key that its owner alone may read; says whether it did, or one was there. */
export async function createKeyFile(folder: string): Promise<boolean> {
  await mkdir(folder, { recursive: true })
  try {
    const secret = randomBytes(32).toString('hex')
    await writeFile(keyPathOf(folder), `${secret}\n`, { mode: 0o600, flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}
