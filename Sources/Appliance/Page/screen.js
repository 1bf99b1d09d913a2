/** Full screen, where the browser has it. */
export class Screen {
    constructor({ room, button }) {
        button.hidden = !document.fullscreenEnabled;
        button.addEventListener('click', async () => {
            if (document.fullscreenElement) return document.exitFullscreen();
            try {
                await room.requestFullscreen({ navigationUI: 'hide' });
                // Chromium then leaves the browser's own shortcuts to the desk; Escape held down leads out.
                await navigator.keyboard?.lock?.();
            } catch {
                // The browser refuses: the page stays as it is, and the button shows it.
            }
        });
        document.addEventListener('fullscreenchange', () => {
            button.setAttribute('aria-pressed', String(Boolean(document.fullscreenElement)));
        });
    }
}
