import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseGenesis } from '@commonweal/node/local'
import { type CommonsParams, commonsParamsSchema } from '@commonweal/protocol'

/** The parameters of a network's commons, from the genesis in its folder; undefined where there is none. */
export async function loadGenesisFacts(folder: string): Promise<CommonsParams | undefined> {
  const text = await readFile(join(folder, 'genesis.json'), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const instance = parseGenesis(text).instances.find(({ kind }) => kind === 'commons')
  return commonsParamsSchema.safeParse(instance?.params).data
}
