import { canChooseSpeaker, labelled } from './devices.js';
import { Popup } from './popup.js';
import { qualityWords } from './quality-words.js';

/** The panel to choose devices in, which also says how good picture and network are. */
export class Settings {
    #at;
    #conference;
    #measure;
    #popup;
    #timer = 0;

    /**
     * @param {{at: Record<string, HTMLElement>, conference: Conference, sound: HTMLAudioElement,
     *     measure: () => Promise<object>}} parts `sound`: the desk's; `measure`: as in `health.js`
     */
    constructor({ at, conference, sound, measure }) {
        this.#at = at;
        this.#conference = conference;
        this.#measure = measure;
        this.#popup = new Popup({ button: at['settings-button'], panel: at.settings });
        this.#popup.addEventListener('change', () => this.#shown());
        const { media, voices } = conference;
        media.addEventListener('devices', () => this.#fill());
        media.addEventListener('change', () => {
            if (this.#popup.isShown) media.refresh();
        });
        const on = (id, type, act) => at[id].addEventListener(type, ({ target }) => act(target));
        on('microphone-choice', 'change', ({ value }) => media.microphone.choose(value));
        on('camera-choice', 'change', ({ value }) => media.camera.choose(value));
        on('speaker-choice', 'change', ({ value }) => {
            voices.speaker = value;
            sound.setSinkId(value).catch(() => {});
        });
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
        const words = qualityWords(await this.#measure(), this.#conference.paused());
        if (this.#at['quality-line'].textContent !== words) this.#at['quality-line'].textContent = words;
    }

    #fill() {
        const { devices, microphone, camera } = this.#conference.media;
        const inUse = (part) => part.track?.getSettings().deviceId ?? part.deviceId;
        fill(this.#at['microphone-choice'], labelled(devices.audioinput, 'Microphone'), inUse(microphone));
        fill(this.#at['camera-choice'], labelled(devices.videoinput, 'Camera'), inUse(camera));
        const speaker = this.#at['speaker-choice'];
        fill(speaker, labelled(devices.audiooutput, 'Speaker'), speaker.value);
    }
}

/** What is there already stays: a list that is open would close. */
function fill(select, devices, chosen) {
    const options = devices.length > 0 ? devices : [{ deviceId: '', label: 'The browser’s choice' }];
    const state = JSON.stringify(options);
    if (select.dataset.options !== state) {
        select.dataset.options = state;
        select.replaceChildren(...options.map(({ deviceId, label }) => new Option(label, deviceId)));
        select.disabled = devices.length < 2;
    }
    if (options.some(({ deviceId }) => deviceId === chosen)) select.value = chosen;
}
