import { render } from 'preact'
import '../theme.css'
import '../guide/guide.css'
import '../followed/followed.css'
import { OutputPlayer } from '../followed/output-player.ts'
import { Guide } from '../guide/guide.tsx'
import { CastPlayer } from '../player/cast-player.tsx'

/** The Guide beside a recorded run: a page of its own, because only this one carries a player. */
const root = document.getElementById('root')
if (root) {
  render(
    <OutputPlayer.Provider value={CastPlayer}>
      <Guide />
    </OutputPlayer.Provider>,
    root,
  )
}
