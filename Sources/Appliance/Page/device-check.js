import { captureState } from './client/capture-words.js';
import { Capture } from './client/capture.js';
import { say } from './catalogue.js';
import { deviceChoices } from './client/device-choices.js';
import { SoundLevel } from './sound-level.js';
import { playTone } from './tone.js';

/**
 * Lets somebody try camera, microphone, speaker and network before anybody sees or hears them. Nothing of it leaves this
 * device, and all of it is over when they come in.
 */
export class DeviceCheck {
    #at;
    #signalling;
    #level = new SoundLevel();
    #timer = 0;
    #hasHeard = false;
    /** What has worked at least once. */
    #tried = { camera: false, microphone: false };

    /** @param {{at: Record<string, HTMLElement>, signalling: Signalling | null}} parts `null`: the network is not looked at */
    constructor({ at, signalling }) {
        this.#at = at;
        this.#signalling = signalling;
        const show = (track) => {
            at['check-picture'].srcObject = track && new MediaStream([track]);
            at['check-picture'].hidden = !track;
            if (track) at['check-picture'].play().catch(() => {});
            if (track) this.#tried.camera = true;
        };
        this.camera = new Capture('video', { constraints: { width: { ideal: 640 } }, use: show });
        this.microphone = new Capture('audio', { constraints: true, use: (track) => this.#level.set(track) });
        for (const [part, capture] of [['camera', this.camera], ['microphone', this.microphone]]) {
            capture.addEventListener('change', () => this.#write());
            at[`check-${part}`].addEventListener('click', () => this.#toggle(part, capture));
        }
        at['check-speaker'].addEventListener('click', async () => {
            at['check-speaker-words'].textContent = say('check.speaker.plays');
            await playTone(deviceChoices.of('speaker').deviceId).catch(() => {});
            at['check-speaker-words'].textContent = say('check.speaker.asked');
        });
    }

    start() {
        this.#hasHeard = false;
        clearInterval(this.#timer);
        this.#timer = setInterval(() => this.#measure(), PERIOD);
        this.#at['check-speaker-words'].textContent = say('check.speaker.note');
        this.#write();
        this.#measure();
    }

    /** What has been found to work. */
    get tried() {
        return { ...this.#tried };
    }

    /** Camera and microphone are let go. */
    stop() {
        clearInterval(this.#timer);
        this.camera.end();
        this.microphone.end();
    }

    /** Writes the words, in the language that is chosen. */
    write() {
        this.#at['check-speaker-words'].textContent = say('check.speaker.note');
        this.#write();
    }

    #toggle(part, capture) {
        if (capture.track) return capture.end();
        capture.chosen = deviceChoices.of(part);
        return capture.toggle();
    }

    #measure() {
        const level = this.#level.value;
        this.#at['check-level'].value = level;
        if (level > HEARD && !this.#hasHeard) {
            this.#hasHeard = true;
            this.#tried.microphone = true;
            this.#write();
        }
        if (this.#signalling) write(this.#at['check-network-words'], this.#network());
    }

    #network() {
        const { state, roundTrip } = this.#signalling;
        if (state !== 'open') return say('check.network.lost');
        if (roundTrip === null) return say('check.network.measuring');
        return say(roundTrip < SLOW ? 'check.network.good' : 'check.network.slow', { count: Math.round(roundTrip) });
    }

    #write() {
        const { camera, microphone } = this;
        for (const [part, capture] of [['camera', camera], ['microphone', microphone]]) {
            const button = this.#at[`check-${part}`];
            button.setAttribute('aria-pressed', String(Boolean(capture.track)));
            write(button, say(capture.track ? `check.${part}.stop` : `check.${part}.try`));
        }
        const words = (kind, { isBusy, problem, track }) => (isBusy ? captureState(kind, 'none', true) : !track && problem);
        write(this.#at['check-camera-words'], words('video', camera)
            || say(camera.track ? 'check.camera.seen' : 'check.camera.note'));
        if (!microphone.track) this.#hasHeard = false;
        const heard = say(this.#hasHeard ? 'check.microphone.heard' : 'check.microphone.speak');
        write(this.#at['check-microphone-words'], words('audio', microphone)
            || (microphone.track ? heard : say('check.microphone.note')));
        this.#at['check-level'].hidden = !microphone.track;
    }
}

/** A live region speaks whenever it is written to: only what is new is. */
function write(target, text) {
    if (target.textContent !== text) target.textContent = text;
}

/** Milliseconds. */
const PERIOD = 200;
const SLOW = 300;
/** A level that is a voice, and no quiet room. */
const HEARD = 0.45;
