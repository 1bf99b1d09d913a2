import { captureProblem, deviceGone, deviceMissing, heldWords } from './capture-words.js';

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
    #generation = 0;

    /** @type {'none' | 'on' | 'muted' | 'off'} */
    state = 'none';
    /** Whether the browser, or the person in front of it, has still to say yes. */
    isBusy = false;
    /** Why it could not be opened last time, in words. */
    problem = null;
    /** @type {MediaStreamTrack | null} */
    track = null;
    /** What was chosen; an empty id leaves the choice to the browser. */
    chosen = { deviceId: '', label: '' };
    /** Whether the device, or the system around it, keeps picture or sound back at the moment. */
    isHeld = false;

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

    /**
     * Another device, now or from the next start on.
     * @param {{deviceId: string, label: string}} device
     */
    async choose(device) {
        this.chosen = device;
        if (this.isBusy) return;
        if (this.track && this.track.getSettings().deviceId !== device.deviceId) await this.#start();
        else this.#changed();
    }

    /**
     * Goes on, without a click, as it was before the page was loaded again. Returns whether it could: the
     * browser may want to be asked first, which is for a click.
     */
    async restore(state) {
        if (state === 'off') this.#set('off');
        if (state !== 'on' && state !== 'muted') return true;
        if (this.track || this.isBusy || !(await isGranted(this.#kind))) return false;
        this.#set(state === 'muted' ? 'muted' : 'none');
        await this.#start();
        if (!this.track) this.#set('none');
        return true;
    }

    /** Lets go of the device. */
    end() {
        this.#end('none');
    }

    /** Other constraints, for the track at hand too as far as its device can. */
    async constrain(constraints) {
        this.#constraints = constraints;
        await this.track?.applyConstraints(constraints).catch(() => {});
        this.#changed();
    }

    /**
     * Only what was listed can be gone: some browsers list devices under other ids than their tracks have.
     * @param {MediaDeviceInfo[]} before
     * @param {MediaDeviceInfo[]} after those of this kind that are there now
     */
    devicesChanged(before, after) {
        const id = this.track?.getSettings().deviceId;
        const isIn = (devices) => devices.some(({ deviceId }) => deviceId === id);
        if (id && !this.isBusy && isIn(before) && !isIn(after)) this.#lost();
    }

    async #start() {
        await this.#busy(async () => {
            try {
                await this.#open(this.chosen.deviceId);
                this.problem = null;
            } catch (error) {
                this.#fail(captureProblem(this.#kind, error));
            }
        });
    }

    /** The device went away: another one takes its place, as silent as this one was. */
    async #lost() {
        const { label } = this.track;
        this.track.stop();
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
        const generation = this.#generation;
        let stream;
        try {
            if (!navigator.mediaDevices) throw new DOMException('', 'NotFoundError');
            stream = await navigator.mediaDevices.getUserMedia({ [this.#kind]: wanted });
        } catch (error) {
            if (!deviceId || !['NotFoundError', 'OverconstrainedError'].includes(error.name)) throw error;
            // What was chosen is not there; it stays the choice for the next time.
            await this.#open('');
            this.#notice(deviceMissing(this.#kind, this.chosen.label, this.track.label));
            return;
        }
        // Ended while the browser was asking.
        if (this.#generation !== generation) return stream.getTracks().forEach((track) => track.stop());
        const [track] = stream.getTracks();
        track.contentHint = this.#kind === 'video' ? 'motion' : 'speech';
        track.enabled = this.state !== 'muted';
        track.onended = () => {
            if (track === this.track && !this.isBusy) this.#lost();
        };
        track.onmute = track.onunmute = () => {
            if (track === this.track) this.#held(track.muted);
        };
        this.track?.stop();
        this.track = track;
        this.isHeld = track.muted;
        this.#use(track);
        this.#set(track.enabled ? 'on' : 'muted');
    }

    #held(isHeld) {
        if (isHeld === this.isHeld) return;
        this.isHeld = isHeld;
        if (isHeld && this.state === 'on') this.#notice(heldWords(this.#kind));
        this.#changed();
    }

    #end(state) {
        this.#generation += 1;
        this.isHeld = false;
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

/** Whether this page may open such a device without asking; `false` where the browser does not tell. */
async function isGranted(kind) {
    const name = { audio: 'microphone', video: 'camera' }[kind];
    try {
        return (await navigator.permissions.query({ name })).state === 'granted';
    } catch {
        return false;
    }
}
