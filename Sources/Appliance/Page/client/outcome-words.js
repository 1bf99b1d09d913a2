import { say } from './catalogue.js';
import { briefly } from './foreign.js';

/**
 * What came of a request for control, or why control has ended; empty when there is nothing to say.
 * @param {{wasWaiting: boolean, isWaiting: boolean, mine: boolean, holder: {name: string} | null, denied: string,
 *     isCoded: boolean, ended: string, isInTurns: boolean}} facts `denied`, `ended`: the room's words, if any; `isCoded`: whether those are by a
 *     code of the room's, and so say it all
 */
export function outcomeWords({ wasWaiting, isWaiting, mine, holder, denied, isCoded, ended, isInTurns }) {
    if (ended) return ended;
    if (mine) return wasWaiting ? say('control.granted') : '';
    const name = holder && briefly(holder.name);
    if (isWaiting) return denied && name && !isCoded ? say('control.told', { name }) : denied;
    if (wasWaiting && denied && name && !isCoded) return say('control.kept', { name });
    // Nobody has to answer any more.
    if (isInTurns && !denied) return '';
    if (wasWaiting) return denied || say('control.noAnswer');
    return denied;
}
