/**
 * A short, soft sound of two notes, to hear whether a speaker works. To be called in a click.
 * @param {string} deviceId of the speaker; empty for the browser's choice
 */
export async function playTone(deviceId) {
    const context = new AudioContext();
    if (deviceId && context.setSinkId) await context.setSinkId(deviceId).catch(() => {});
    await context.resume();
    const gain = new GainNode(context, { gain: 0 });
    gain.connect(context.destination);
    const start = context.currentTime + 0.05;
    NOTES.forEach((frequency, index) => {
        const oscillator = new OscillatorNode(context, { frequency });
        oscillator.connect(gain);
        oscillator.start(start + index * LENGTH);
        oscillator.stop(start + (index + 1) * LENGTH);
        // Neither click nor fright.
        gain.gain.setValueAtTime(0.0001, start + index * LENGTH);
        gain.gain.exponentialRampToValueAtTime(0.2, start + index * LENGTH + 0.05);
        gain.gain.exponentialRampToValueAtTime(0.0001, start + (index + 1) * LENGTH);
    });
    await new Promise((done) => setTimeout(done, (NOTES.length * LENGTH + 0.2) * 1000));
    await context.close();
}

/** Hertz. */
const NOTES = [523.25, 659.25];
/** Seconds. */
const LENGTH = 0.6;
