/** @import { Voices } from './voices.js' */

/** Where the sound of the desk and of the people is played. */
export class Speaker {
    #sound;
    #voices;

    /** What was chosen; an empty id leaves the choice to the browser. */
    chosen = { deviceId: '', label: '' };
    /** What is in use. */
    deviceId = '';

    /** @param {{sound: HTMLAudioElement, voices: Voices}} parts */
    constructor({ sound, voices }) {
        this.#sound = sound;
        this.#voices = voices;
    }

    choose(device) {
        this.chosen = device;
        this.#use(device.deviceId);
    }

    /**
     * Plays on what was chosen while it is there, and on the browser's choice while it is not.
     * @param {MediaDeviceInfo[]} devices all there are now; `false` is returned if the one in use is gone
     */
    devicesChanged(devices) {
        // Without permission a browser tells of no devices at all.
        const isThere = devices.some(({ deviceId }) => deviceId && deviceId === this.chosen.deviceId);
        const wasThere = this.deviceId !== '';
        if (isThere !== wasThere) this.#use(isThere ? this.chosen.deviceId : '');
        return isThere || !wasThere;
    }

    #use(deviceId) {
        this.deviceId = deviceId;
        this.#voices.speaker = deviceId;
        this.#sound.setSinkId?.(deviceId).catch(() => {});
    }
}
