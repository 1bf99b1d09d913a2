/**
 * How good the desk's picture and the network are, in words.
 * @param {{video: object | null, roundTrip: number | null}} measured as in `health.js`; seconds
 * @param {{cameras: number, desk: boolean}} paused what the network keeps back
 */
export function qualityWords({ video, roundTrip }, paused) {
    const words = [];
    if (video?.frameWidth) words.push(`Desk picture ${video.frameWidth} × ${video.frameHeight}.`);
    if (paused.desk) words.push('Weak network: the desk’s picture is paused.');
    else if (paused.cameras > 0) words.push(`Weak network: ${cameras(paused.cameras)} paused.`);
    else if (roundTrip !== null) words.push(speed(roundTrip));
    return words.join(' ') || 'Nothing is received yet.';
}

/** @param {number} roundTrip seconds */
function speed(roundTrip) {
    const time = `${Math.max(1, Math.round(roundTrip * 1000))} ms to the room and back`;
    if (roundTrip < 0.08) return `Good network, ${time}.`;
    return roundTrip < 0.25 ? `Fair network, ${time}.` : `Slow network, ${time}.`;
}

const cameras = (count) => (count === 1 ? 'one camera is' : `${count} cameras are`);
