import { Capture } from './capture.js';
import { devicesByKind } from './devices.js';

/**
 * This person's microphone and camera: what the room is told about them, and the devices that there are.
 *
 * Events: `change`, `devices` when the list has changed, `notice` (words in `detail`).
 */
export class Media extends EventTarget {
    #send;
    #told = '';

    devices = { audioinput: [], videoinput: [], audiooutput: [] };
    isHighQuality = false;

    /** @param {{senders: Senders, send: (message: object) => boolean}} parts */
    constructor({ senders, send }) {
        super();
        this.#send = send;
        const use = (kind) => (track) => senders.set(kind, track);
        this.microphone = new Capture('audio', { constraints: VOICE, use: use('audio') });
        this.camera = new Capture('video', { constraints: size(false), use: use('video') });
        for (const part of [this.microphone, this.camera]) {
            part.addEventListener('change', () => this.#changed());
            part.addEventListener('notice', ({ detail }) => {
                this.dispatchEvent(new CustomEvent('notice', { detail }));
            });
        }
        navigator.mediaDevices?.addEventListener?.('devicechange', () => this.refresh());
    }

    /** As the room, and `window.deskroom`, know it. */
    get state() {
        return { audio: this.microphone.state, video: this.camera.state };
    }

    /** The room, which may be another one by now, is told again. */
    announce() {
        this.#told = '';
        this.tell();
    }

    /** The room is told what it has not been told yet. */
    tell() {
        const state = JSON.stringify(this.state);
        if (state === this.#told) return;
        if (this.#send({ type: 'setMedia', ...this.state })) this.#told = state;
    }

    setHighQuality(isHigh) {
        this.isHighQuality = isHigh;
        return this.camera.constrain(size(isHigh));
    }

    /** Reads the list of devices again. Browsers name them only once one of them has been opened. */
    async refresh() {
        this.devices = await devicesByKind();
        this.microphone.devicesChanged(this.devices.audioinput);
        this.camera.devicesChanged(this.devices.videoinput);
        this.dispatchEvent(new Event('devices'));
    }

    #changed() {
        this.tell();
        this.dispatchEvent(new Event('change'));
    }
}

const VOICE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** Chromium sends three layers of no smaller a picture than 960 × 540 (see `senders.js`). */
const size = (isHigh) => ({
    width: { ideal: isHigh ? 1280 : 960, max: 1280 },
    height: { ideal: isHigh ? 720 : 540, max: 720 },
    frameRate: { ideal: 30, max: 30 },
});
