/** Full screen, where the browser has it. Whose the shortcuts are then: `keyboard-lock.js`. */
export class Screen {
    constructor({ room, button }) {
        button.hidden = !document.fullscreenEnabled;
        button.addEventListener('click', async () => {
            if (document.fullscreenElement) return document.exitFullscreen();
            try {
                await room.requestFullscreen({ navigationUI: 'hide' });
            } catch {
                // The browser refuses: the page stays as it is, and the button shows it.
            }
        });
        document.addEventListener('fullscreenchange', () => {
            button.setAttribute('aria-pressed', String(Boolean(document.fullscreenElement)));
        });
    }
}
