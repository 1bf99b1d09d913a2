import { Capture } from './capture.js';
import { restoreWords, speakerGone } from './capture-words.js';
import { say } from './catalogue.js';
import { deviceChoices } from './device-choices.js';
import { devicesByKind, newDevice } from './devices.js';
import { tab } from './storage.js';
/** @import { Senders } from './senders.js' */
/** @import { Speaker } from './speaker.js' */

/**
 * This person's microphone and camera: what the room is told about them, and the devices that there are.
 *
 * Events: `change`, `devices` when the list has changed, `notice` (words in `detail`), `offer` (a device that
 * has just been plugged in, as in `newDevice`; `null` when it is gone again).
 */
export class Media extends EventTarget {
    #send;
    #told = '';
    #offered = null;
    #isRestoring = false;
    #named = { audio: null, video: null };

    devices = { audioinput: [], videoinput: [], audiooutput: [] };
    isHighQuality = false;

    /** @param {{senders: Senders, speaker: Speaker, send: (message: object) => boolean}} parts */
    constructor({ senders, speaker, send }) {
        super();
        this.#send = send;
        const use = (kind) => (track) => senders.set(kind, track);
        this.microphone = new Capture('audio', { constraints: VOICE, use: use('audio') });
        this.camera = new Capture('video', { constraints: size(false), use: use('video') });
        this.speaker = speaker;
        for (const name of PARTS) this[name].chosen = deviceChoices.of(name);
        for (const part of [this.microphone, this.camera]) {
            part.addEventListener('change', () => this.#changed());
            part.addEventListener('notice', ({ detail }) => this.#notice(detail));
        }
        navigator.mediaDevices?.addEventListener?.('devicechange', () => this.refresh());
    }

    /** As the room, and `window.deskroom`, know it. */
    get state() {
        return { audio: this.microphone.state, video: this.camera.state };
    }

    /** Whether the browser captures anything, be it muted. */
    get isLive() {
        return Boolean(this.microphone.track || this.camera.track);
    }

    /** The room, which may be another one by now, is told again. */
    announce() {
        this.#told = '';
        this.tell();
    }

    /** The room is told what it has not been told yet. */
    tell() {
        if (this.#isRestoring) return;
        tab.writeObject(STATE, this.state);
        const state = JSON.stringify(this.state);
        if (state === this.#told) return;
        if (this.#send({ type: 'setMedia', ...this.state })) this.#told = state;
    }

    /** Takes up what was on before this page was loaded again; says what the browser does not let it. */
    async restore() {
        const { audio, video } = tab.readObject(STATE) ?? {};
        this.#isRestoring = true;
        const isBack = await Promise.all([this.microphone.restore(audio), this.camera.restore(video)]);
        this.#isRestoring = false;
        this.#changed();
        const waiting = ['audio', 'video'].filter((_, index) => !isBack[index]);
        if (waiting.length > 0) this.#notice(restoreWords(waiting));
        this.refresh();
    }

    /** Somebody has muted this person, who can switch the microphone on again. */
    mute() {
        if (this.microphone.state !== 'on') return;
        this.microphone.toggle();
        this.#notice(say('moderate.muted'));
    }

    /** Lets go of both devices: their lights go out. */
    end() {
        this.microphone.end();
        this.camera.end();
        tab.write(STATE, null);
    }

    setHighQuality(isHigh) {
        this.isHighQuality = isHigh;
        return this.camera.constrain(size(isHigh));
    }

    /** A choice of the person, which is kept. @param {'microphone' | 'camera' | 'speaker'} part */
    choose(part, deviceId) {
        const device = this.devices[KINDS[part]].find((one) => one.deviceId === deviceId);
        const choice = { deviceId, label: device?.label ?? '' };
        deviceChoices.keep(part, choice);
        return this[part].choose(choice);
    }

    /** Reads the list of devices again. Browsers name them only once one of them has been opened. */
    async refresh() {
        const before = this.devices;
        this.devices = await devicesByKind();
        this.microphone.devicesChanged(before.audioinput, this.devices.audioinput);
        this.camera.devicesChanged(before.videoinput, this.devices.videoinput);
        const { chosen } = this.speaker;
        if (!this.speaker.devicesChanged(this.devices.audiooutput)) this.#notice(speakerGone(chosen.label));
        this.dispatchEvent(new Event('devices'));
        const found = newDevice(before, this.devices);
        if (found) this.#offer(found);
        else if (this.#offered && !isThere(this.#offered, this.devices)) this.#offer(null);
    }

    /** Uses a device that was offered, for all it is good for; what is off stays off. */
    accept({ parts }) {
        for (const [part, deviceId] of Object.entries(parts)) this.choose(part, deviceId);
        this.#offer(null);
    }

    /** Reads the devices' names as soon as there are any: what is plugged in later is told apart by them. */
    #name() {
        const isOpen = this.microphone.track !== this.#named.audio || this.camera.track !== this.#named.video;
        this.#named = { audio: this.microphone.track, video: this.camera.track };
        if (isOpen && (this.microphone.track || this.camera.track)) this.refresh();
    }

    #offer(device) {
        this.#offered = device;
        this.dispatchEvent(new CustomEvent('offer', { detail: device }));
    }

    #notice(words) {
        this.dispatchEvent(new CustomEvent('notice', { detail: words }));
    }

    #changed() {
        this.tell();
        this.#name();
        this.dispatchEvent(new Event('change'));
    }
}

const isThere = ({ parts }, devices) => Object.entries(parts).every(([part, id]) => {
    return devices[KINDS[part]].some(({ deviceId }) => deviceId === id);
});

const KINDS = { microphone: 'audioinput', camera: 'videoinput', speaker: 'audiooutput' };
const PARTS = Object.keys(KINDS);
const STATE = 'deskroom media';

const VOICE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** Chromium sends three layers of no smaller a picture than 960 × 540 (see `camera-sender.js`). */
const size = (isHigh) => ({
    width: { ideal: isHigh ? 1280 : 960, max: 1280 },
    height: { ideal: isHigh ? 720 : 540, max: 720 },
    frameRate: { ideal: 30, max: 30 },
});
