// What is said about a person's picture and sound. Pure: facts in, words out.

/** What is written on the tile of somebody whose picture is not as it should be; empty if it is. */
export function tileNote({ isAway, isForeign, isPaused, isStuck, isYou, isHeld }) {
    if (isHeld) return 'Kept back by this device';
    if (isAway && !isYou) return 'Reconnecting…';
    if (isForeign) return 'This browser cannot show this camera';
    if (isPaused) return 'Paused to keep the desk clear';
    if (isStuck) return 'No picture arrives';
    return '';
}

/** What a screen reader says after the name. */
export function tileWords(facts) {
    const words = [microphoneWords(facts)];
    if (facts.isSpeaking) words.push('speaking');
    words.push(pictureWords(facts));
    if (facts.isAway && !facts.isYou) words.push('reconnecting');
    if (facts.isPinned) words.push('pinned');
    return `, ${words.filter(Boolean).join(', ')}`;
}

/** The same for the list of people: also how good the picture is. */
export function personWords(facts) {
    const words = [];
    if (facts.isAway && !facts.isYou) words.push('reconnecting');
    words.push(microphoneWords(facts) || 'microphone on', pictureWords(facts));
    if (facts.video && facts.size) words.push(qualityWords(facts.size));
    return words.join(', ');
}

function microphoneWords({ hasMicrophone, isMuted }) {
    if (!hasMicrophone) return 'no microphone';
    return isMuted ? 'muted' : '';
}

function pictureWords({ isForeign, isPaused, isStuck, isHeld, video }) {
    if (isHeld) return 'camera kept back by this device';
    if (isForeign) return 'camera on, but this browser cannot show it';
    if (isPaused) return 'camera paused to keep the desk clear';
    if (isStuck) return 'camera on, but no picture arrives';
    return video ? 'camera on' : 'camera off';
}

/** @param {{height: number}} size of the picture that is received, or one's own, in pixels */
function qualityWords({ height }) {
    const word = height >= 480 ? 'sharp' : height >= 240 ? 'medium' : 'small';
    return `${word} picture`;
}
