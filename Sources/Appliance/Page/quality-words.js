import { quantity, say } from './catalogue.js';
import { networkSentence } from './network-words.js';

/**
 * How good the desk's picture and one's own network are, in sentences.
 * @param {{video: object | null}} measured as in `health.js`
 * @param {{limits: object, network: object, desk: {width: number, height: number} | null,
 *     delay: object | null}} facts `limits` as in
 *     `conference.js`, `network` as in `own-network.js`; `delay` as in `input-delay.js`
 */
export function qualityWords({ video }, { limits, network, desk, delay = null }) {
    if (!video?.frameWidth) return say('quality.none');
    const picture = pictureWords(video, { limits, network, desk });
    return delay ? `${picture} ${say('quality.delay', { delay: milliseconds(delay.total.median) })}` : picture;
}

const milliseconds = (value) => quantity(Math.round(value), { style: 'unit', unit: 'millisecond' });

function pictureWords(video, { limits, network, desk }) {
    // Sizes are not amounts: they are written without separators.
    const size = { width: String(video.frameWidth), height: String(video.frameHeight) };
    const facts = { ...size, network: networkSentence(limits, network) };
    if (!(desk?.width > video.frameWidth)) return say('quality.whole', facts);
    return say('quality.reduced', { ...facts, fullWidth: String(desk.width), fullHeight: String(desk.height) });
}
