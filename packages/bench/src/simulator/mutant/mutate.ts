import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { MUTANTS, type Mutant } from './mutants.ts'

/**
 * Preloaded into a worker (`node --import`): breaks one rule of the core, as its text is loaded, before types are stripped.
 *
 * The mutant's `find` must stand in its file exactly once, and the file must be loaded, else the worker fails.
 */
const id = process.env['COMMONWEAL_MUTANT'] ?? ''
const mutant = MUTANTS.find((candidate) => candidate.id === id)
if (mutant === undefined) throw new RangeError(`there is no mutant ${JSON.stringify(id)}`)
const applied = new Set<string>()

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    const patches = patchesFor(mutant, url)
    if (patches.length === 0) return loaded
    applied.add(url)
    return { ...loaded, source: patch(String(loaded.source), patches) }
  },
})

process.on('exit', () => {
  const files = new Set(mutant.patches.map(({ file }) => file))
  if (applied.size === files.size || process.exitCode !== undefined) return
  console.error(`mutant ${mutant.id}: its file was never loaded`)
  process.exitCode = 1
})

function patchesFor({ patches }: Mutant, url: string): Mutant['patches'] {
  if (!url.startsWith('file:')) return []
  const path = fileURLToPath(url).replaceAll('\\', '/')
  return patches.filter(({ file }) => path.endsWith(`packages/protocol/src/${file}`))
}

function patch(source: string, patches: Mutant['patches']): string {
  return patches.reduce((text, { file, find, replace }) => {
    const parts = text.split(find)
    if (parts.length !== 2) {
      throw new Error(
        `${file} has ${parts.length - 1} places, not one, for ${JSON.stringify(find)}`,
      )
    }
    return parts.join(replace)
  }, source)
}
