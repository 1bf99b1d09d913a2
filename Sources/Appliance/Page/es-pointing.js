/** Spanish: pointing at the desk (pointers-view.js). */
export const esPointing = {
    'bar.point': 'Señalar en el escritorio',
    'pointing.pad': 'Señalar en el escritorio',
    'pointing.how': 'Las flechas mueven su puntero, con Mayús más lejos. Intro marca el lugar. Escape termina.',
    'pointing.you': 'Usted',
    'pointing.appeared': '{name} señala algo en el escritorio.',
    'pointing.off': 'Usted ya no señala.',
    'help.point': 'Señalar en el escritorio, o dejar de hacerlo',
};
