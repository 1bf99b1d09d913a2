import { Popup } from './popup.js';

/** What can be arranged of the desk, in sections of one panel: its button is there if any of them is. */
export class DeskPanel {
    /** @param {{at: Record<string, HTMLElement>}} parts */
    constructor({ at }) {
        const popup = new Popup({ button: at['desk-button'], panel: at['desk-panel'] });
        const sections = [...at['desk-panel'].querySelectorAll(':scope > section')];
        const render = () => {
            const isEmpty = sections.every((section) => section.hidden);
            at['desk-button'].hidden = isEmpty;
            if (isEmpty) popup.show(false);
        };
        const observer = new MutationObserver(render);
        for (const section of sections) observer.observe(section, { attributeFilter: ['hidden'] });
        render();
    }
}
