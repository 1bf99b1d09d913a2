// What is said about a person's picture and sound. Pure: facts in, words out.

import { say } from './catalogue.js';
import { pageStateWords } from './page-state-words.js';

/** What is written on the tile of somebody whose picture is not as it should be; empty if it is. */
export function tileNote({ isAway, isForeign, isPaused, isStuck, isYou, isHeld, page }) {
    if (isHeld) return say('tile.held');
    if (isAway && !isYou) return say('tile.reconnecting');
    if (isForeign) return say('tile.foreign');
    if (isPaused) return say('tile.paused');
    if (isStuck) return say('tile.stuck');
    return pageStateWords(page).join(', ');
}

/** What a screen reader says after the name. */
export function tileWords(facts) {
    const words = [facts.hasTurn ? say('turns.has') : '', microphoneWords(facts)];
    if (facts.isSpeaking) words.push(say('person.speaking'));
    words.push(pictureWords(facts));
    if (facts.isAway && !facts.isYou) words.push(say('person.reconnecting'));
    if (facts.isPinned) words.push(say('person.pinned'));
    words.push(...pageStateWords(facts.page));
    return `, ${words.filter(Boolean).join(', ')}`;
}

/** The same for the list of people: also how good the picture is. @param {object | null} facts `null`: there is nothing to say */
export function personWords(facts) {
    if (!facts) return '';
    const words = [];
    if (facts.isAway && !facts.isYou) words.push(say('person.reconnecting'));
    words.push(microphoneWords(facts) || say('person.microphoneOn'), pictureWords(facts));
    words.push(...pageStateWords(facts.page));
    if (facts.video && facts.size) words.push(qualityWords(facts.size));
    return words.join(', ');
}

function microphoneWords({ hasMicrophone, isMuted }) {
    if (!hasMicrophone) return say('person.noMicrophone');
    return isMuted ? say('person.muted') : '';
}

function pictureWords({ isForeign, isPaused, isStuck, isHeld, video }) {
    if (isHeld) return say('person.cameraHeld');
    if (isForeign) return say('person.cameraForeign');
    if (isPaused) return say('person.cameraPaused');
    if (isStuck) return say('person.cameraStuck');
    return say(video ? 'person.cameraOn' : 'person.cameraOff');
}

/** @param {{height: number}} size of the picture that is received, or one's own, in pixels */
function qualityWords({ height }) {
    return say(`person.picture.${height >= 480 ? 'sharp' : height >= 240 ? 'medium' : 'small'}`);
}
