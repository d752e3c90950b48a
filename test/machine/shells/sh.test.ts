import { behavesLikeAShell } from './behaviours.ts'
import { posixDialect } from './posix-dialect.ts'

describe('sh', function () {
  this.timeout(20_000)
  behavesLikeAShell(posixDialect('sh'))
})
