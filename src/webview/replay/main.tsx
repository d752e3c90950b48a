import { render } from 'preact'
import '../theme.css'
import './replay.css'
import { Replay } from './replay.tsx'

const root = document.getElementById('root')
if (root) render(<Replay />, root)
