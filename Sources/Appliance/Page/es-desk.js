/** Español: cómo se organiza el escritorio. */
export const esDesk = {
    'bar.desk': 'El escritorio',
    'desk.activities': 'Actividades',
    'desk.size': 'La pantalla del escritorio',
    'desk.layout': 'Teclado del escritorio',
    'desk.ears': 'Lo que oye el escritorio',
};
