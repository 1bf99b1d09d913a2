import { captureProblem, deviceGone } from './capture-words.js';

/**
 * One microphone or one camera. Nothing is opened before `toggle`, which belongs in a click.
 *
 * A microphone is muted by silencing its track; a camera is switched off by ending it, so that its light goes
 * out. Events: `change`; `notice` (words in `detail`) when a device could not be opened or went away.
 */
export class Capture extends EventTarget {
    #kind;
    #constraints;
    #use;

    /** @type {'none' | 'on' | 'muted' | 'off'} */
    state = 'none';
    /** Whether the browser, or the person in front of it, has still to say yes. */
    isBusy = false;
    /** Why it could not be opened last time, in words. */
    problem = null;
    /** @type {MediaStreamTrack | null} */
    track = null;
    /** What was chosen; empty leaves the choice to the browser. */
    deviceId = '';

    /**
     * @param {'audio' | 'video'} kind
     * @param {{constraints: object, use: (track: MediaStreamTrack | null) => void}} parts
     *     `use` is given each new track, and `null` when there is none any more
     */
    constructor(kind, { constraints, use }) {
        super();
        this.#kind = kind;
        this.#constraints = constraints;
        this.#use = use;
    }

    async toggle() {
        if (this.isBusy) return;
        if (!this.track) return this.#start();
        if (this.#kind === 'video') return this.#end('off');
        this.track.enabled = this.state === 'muted';
        this.#set(this.track.enabled ? 'on' : 'muted');
    }

    /** Another device, now or from the next start on. */
    async choose(deviceId) {
        if (this.isBusy || deviceId === this.deviceId) return;
        this.deviceId = deviceId;
        if (this.track) await this.#start();
        else this.#changed();
    }

    /** Other constraints, for the track at hand too as far as its device can. */
    async constrain(constraints) {
        this.#constraints = constraints;
        await this.track?.applyConstraints(constraints).catch(() => {});
        this.#changed();
    }

    /** @param {MediaDeviceInfo[]} devices of this kind that are there now */
    devicesChanged(devices) {
        const id = this.track?.getSettings().deviceId;
        if (!id || this.isBusy || devices.some(({ deviceId }) => deviceId === id)) return;
        this.#lost();
    }

    async #start() {
        await this.#busy(async () => {
            try {
                await this.#open(this.deviceId);
                this.problem = null;
            } catch (error) {
                this.#fail(captureProblem(this.#kind, error));
            }
        });
    }

    /** The device went away: another one takes its place, as silent as this one was. */
    async #lost() {
        const label = this.track.label;
        this.track.stop();
        this.deviceId = '';
        await this.#busy(async () => {
            try {
                await this.#open('');
                this.#notice(deviceGone(this.#kind, label, this.track.label));
            } catch {
                this.#end('none');
                this.#notice(deviceGone(this.#kind, label, null));
            }
        });
    }

    async #open(deviceId) {
        const wanted = { ...this.#constraints, ...(deviceId && { deviceId: { exact: deviceId } }) };
        let stream;
        try {
            if (!navigator.mediaDevices) throw new DOMException('', 'NotFoundError');
            stream = await navigator.mediaDevices.getUserMedia({ [this.#kind]: wanted });
        } catch (error) {
            // What was chosen is not there any more.
            if (!deviceId || !['NotFoundError', 'OverconstrainedError'].includes(error.name)) throw error;
            this.deviceId = '';
            return this.#open('');
        }
        const [track] = stream.getTracks();
        track.contentHint = this.#kind === 'video' ? 'motion' : 'speech';
        track.enabled = this.state !== 'muted';
        track.onended = () => {
            if (track === this.track && !this.isBusy) this.#lost();
        };
        this.track?.stop();
        this.track = track;
        this.#use(track);
        this.#set(track.enabled ? 'on' : 'muted');
    }

    #end(state) {
        this.track?.stop();
        this.track = null;
        this.#use(null);
        this.#set(state);
    }

    async #busy(step) {
        this.isBusy = true;
        this.#changed();
        await step();
        this.isBusy = false;
        this.#changed();
    }

    #fail(words) {
        this.problem = words;
        this.#notice(words);
    }

    #notice(words) {
        this.dispatchEvent(new CustomEvent('notice', { detail: words }));
    }

    #set(state) {
        this.state = state;
        this.#changed();
    }

    #changed() {
        this.dispatchEvent(new Event('change'));
    }
}
