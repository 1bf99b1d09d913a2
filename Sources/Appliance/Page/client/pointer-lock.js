/** Whether the mouse on this surface has no place, only motion (Pointer Lock, W3C). @param {Element} surface */
export const isRelative = (surface) => document.pointerLockElement === surface;
