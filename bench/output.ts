// Much output through the whole path: read from the step's pipe, decoded, masked with ten secrets, hashed, shown and kept.
// `node bench/output.ts [MIB]` exits with 1 when the throughput for 1 GiB is under half of what decoding and hashing alone reach
// with the same bytes: from the same program through the same pipe, and from memory; or when the process grows by 100 MB.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { bundled } from './bundled.ts'

const assets = join(import.meta.dirname, '../src/machine/shells')
const path = bundled('bench/output-path.ts')
process.exitCode =
  spawnSync(process.execPath, [path, assets, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1
