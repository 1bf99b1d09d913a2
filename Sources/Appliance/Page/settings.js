import { say } from './catalogue.js';
import { canChooseSpeaker, labelled } from './client/devices.js';
import { Popup } from './popup.js';
import { qualityWords } from './quality-words.js';

/** The panel to choose devices in, which also says how good picture and network are. */
export class Settings {
    #at;
    #conference;
    #desk;
    #measure;
    #delay;
    #popup;
    #timer = 0;

    /**
     * @param {{at: Record<string, HTMLElement>, conference: Conference, desk: () => object | null,
     *     measure: () => Promise<object>, delay: () => object | null}} parts `desk`: what the room says of it; `measure`: as in
     *     `health.js`; `delay`: as in `input-delay.js`
     */
    constructor({ at, conference, desk, measure, delay }) {
        this.#at = at;
        this.#conference = conference;
        this.#desk = desk;
        this.#measure = measure;
        this.#delay = delay;
        this.#popup = new Popup({ button: at['settings-button'], panel: at.settings });
        this.#popup.addEventListener('change', () => this.#shown());
        const { media, voices } = conference;
        media.addEventListener('devices', () => this.#fill());
        media.addEventListener('change', () => {
            if (this.#popup.isShown) media.refresh();
        });
        const on = (id, type, act) => at[id].addEventListener(type, ({ target }) => act(target));
        for (const part of ['microphone', 'camera', 'speaker']) {
            on(`${part}-choice`, 'change', ({ value }) => media.choose(part, value));
        }
        on('quality-choice', 'change', ({ checked }) => media.setHighQuality(checked));
        on('volume-choice', 'input', ({ value }) => (voices.volume = value / 100));
        at['speaker-row'].hidden = !canChooseSpeaker();
    }

    #shown() {
        clearInterval(this.#timer);
        if (!this.#popup.isShown) return;
        this.#fill();
        this.#conference.media.refresh();
        this.#tell();
        this.#timer = setInterval(() => this.#tell(), 1000);
    }

    async #tell() {
        const measured = await this.#measure();
        const limits = this.#conference.limits();
        const network = this.#conference.network.state;
        const words = qualityWords(measured, { limits, network, desk: this.#desk(), delay: this.#delay() });
        if (this.#at['quality-line'].textContent !== words) this.#at['quality-line'].textContent = words;
    }

    #fill() {
        const { devices, microphone, camera, speaker } = this.#conference.media;
        const inUse = (part) => part.track?.getSettings().deviceId ?? part.chosen.deviceId;
        fill(this.#at['microphone-choice'], labelled(devices.audioinput, 'microphone'), inUse(microphone));
        fill(this.#at['camera-choice'], labelled(devices.videoinput, 'camera'), inUse(camera));
        const speakers = labelled(devices.audiooutput, 'speaker');
        fill(this.#at['speaker-choice'], speakers, speaker.deviceId || 'default');
    }
}

/** What is there already stays: a list that is open would close. */
function fill(select, devices, chosen) {
    const options = devices.length > 0 ? devices : [{ deviceId: '', label: say('device.default') }];
    const state = JSON.stringify(options);
    if (select.dataset.options !== state) {
        select.dataset.options = state;
        select.replaceChildren(...options.map(({ deviceId, label }) => new Option(label, deviceId)));
        select.disabled = devices.length < 2;
    }
    if (options.some(({ deviceId }) => deviceId === chosen)) select.value = chosen;
}
