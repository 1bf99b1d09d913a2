import { say } from './catalogue.js';
import { DeskSurface } from './desk-surface.js';
/** @import { DeskroomClient } from './deskroom-client.js' */

/**
 * `<deskroom-desk>`: the desk on anybody's page. It takes the place that its box has, shows the desk as large as it fits, and while
 * this person drives, gives the desk what mouse, pen, fingers and keys do. Control, Alt and Shift together lead out of it.
 *
 * Set `client` before joining, or after. Events, none of which bubble: `shown` (the first picture), `zoom`, `tap` (somebody who does
 * not drive presses on it), `notice` (words in `detail`, to be shown), `leave` (the keys lead out of it).
 */
export class DeskElement extends HTMLElement {
    #client = null;
    #surface = null;
    #parts;

    constructor() {
        super();
        const shadow = this.attachShadow({ mode: 'open', delegatesFocus: false });
        // By script: a page may have a policy that lets no style be written into it.
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(STYLE);
        shadow.adoptedStyleSheets = [sheet];
        const stage = Object.assign(document.createElement('div'), { className: 'stage' });
        const video = Object.assign(document.createElement('video'), {
            muted: true, autoplay: true, playsInline: true, disablePictureInPicture: true,
        });
        const pointer = Object.assign(document.createElement('canvas'), { width: 1, height: 1, hidden: true });
        pointer.ariaHidden = 'true';
        const keys = Object.assign(document.createElement('textarea'), { disabled: true });
        for (const [name, value] of Object.entries(UNAIDED)) keys.setAttribute(name, value);
        const news = Object.assign(document.createElement('p'), { className: 'news' });
        news.role = 'status';
        stage.append(video, pointer, keys, news);
        shadow.append(stage);
        this.#parts = { stage, video, pointer, keys, news };
    }

    /** @returns {DeskroomClient | null} */
    get client() {
        return this.#client;
    }

    /** Once: a desk is one room's. @param {DeskroomClient} client */
    set client(client) {
        if (this.#client === client) return;
        if (this.#client) throw new TypeError('client');
        this.#client = client;
        const { stage, video, pointer, keys, news } = this.#parts;
        const surface = new DeskSurface(client, { video, pointer, keys, screen: this });
        this.#surface = surface;
        const pass = (type, detail) => this.dispatchEvent(new CustomEvent(type, { detail }));
        surface.picture.addEventListener('shown', () => pass('shown'));
        surface.viewport.addEventListener('change', () => pass('zoom'));
        for (const type of ['tap', 'leave', 'notice']) surface.addEventListener(type, ({ detail }) => pass(type, detail));
        surface.addEventListener('leave', () => keys.blur());
        surface.addEventListener('announce', ({ detail }) => (news.textContent = detail));
        const { control } = client.room;
        const render = () => {
            keys.disabled = !control.mine;
            stage.dataset.control = control.mine ? 'mine' : 'none';
        };
        control.addEventListener('change', render);
        const write = () => {
            video.setAttribute('aria-label', say('client.picture'));
            keys.setAttribute('aria-label', say('client.keys'));
        };
        client.addEventListener('language', write);
        render();
        write();
    }

    /** Whether a picture is to be seen. */
    get isShown() {
        return this.#surface?.picture.isShown ?? false;
    }

    /** The picture's place on the page, and the desk's size in its own pixels; `null` without a picture. */
    get place() {
        const content = this.#surface?.picture.content;
        return content ? { ...content, desk: this.#surface.picture.size } : null;
    }

    /** How many times as large as whole. */
    get zoom() {
        return this.#surface?.viewport.zoom ?? 1;
    }

    /** The next size up, about the middle. */
    larger() {
        this.#surface?.viewport.step(1);
    }

    smaller() {
        this.#surface?.viewport.step(-1);
    }

    whole() {
        this.#surface?.viewport.whole();
    }

    /** Moves what is seen, in CSS pixels, as far as there is more of it. */
    pan(dx, dy) {
        return this.#surface?.viewport.pan(dx, dy) ?? false;
    }

    /** Keys go to the desk from now on, as far as this person drives. */
    focus() {
        this.#surface?.focus();
    }

    /** The on-screen keyboard of a phone or tablet. @param {boolean} isRaised */
    raiseKeyboard(isRaised) {
        this.#surface?.typing.raise(isRaised);
    }

    /** Lets the picture move, in a click, where the browser wants one first (`isBlocked`). */
    play() {
        return this.#surface?.play();
    }

    get isBlocked() {
        return this.#surface?.isBlocked ?? false;
    }
}

/** What is typed is for the desk, as it is typed; and no on-screen keyboard comes up by itself. */
const UNAIDED = { inputmode: 'none', autocomplete: 'off', autocapitalize: 'off', autocorrect: 'off', spellcheck: 'false' };

/** As the page's own (stage.css). Colours and the frame are the page's to choose, by custom properties. */
const STYLE = `
    :host { display: block; min-width: 0; min-height: 0; }
    :host([hidden]) { display: none; }
    .stage { position: relative; width: 100%; height: 100%; overflow: hidden; background: var(--deskroom-surround, #1d2329); }
    video {
        display: block; width: 100%; height: 100%; object-fit: contain;
        -webkit-user-select: none; user-select: none; -webkit-touch-callout: none; touch-action: none;
        transform-origin: 0 0;
    }
    canvas { position: absolute; top: 0; left: 0; pointer-events: none; will-change: transform; }
    textarea {
        position: absolute; left: 50%; bottom: 0; width: 1px; height: 1px; padding: 0; border: 0; opacity: 0;
        outline: none; resize: none; pointer-events: none; font-size: 16px;
    }
    .news { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    .stage::after {
        content: ""; position: absolute; inset: 0; pointer-events: none; border: 0 solid var(--deskroom-accent, #4c9be8);
    }
    .stage[data-control="mine"]::after { border-width: 2px; opacity: .55; }
    .stage[data-control="mine"]:has(textarea:focus)::after { border-width: 3px; opacity: 1; }
`;
