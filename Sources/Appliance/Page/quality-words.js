import { networkSentence } from './network-words.js';

/**
 * How good the desk's picture and one's own network are, in sentences.
 * @param {{video: object | null}} measured as in `health.js`
 * @param {{limits: object, network: object, desk: {width: number, height: number} | null}} facts `limits` as in
 *     `conference.js`, `network` as in `own-network.js`
 */
export function qualityWords({ video }, { limits, network, desk }) {
    if (!video?.frameWidth) return 'Nothing is received yet.';
    const size = `Desk picture ${video.frameWidth} × ${video.frameHeight}`;
    const whole = desk?.width > video.frameWidth ? `, of ${desk.width} × ${desk.height}` : '';
    return `${size}${whole}. ${networkSentence(limits, network)}`;
}
