/** Spanish: several people drive at once (drivers.js). */
export const esDrivers = {
    'drivers.mine': 'Usted controla junto con {names}',
    'drivers.others': '{names} controlan',
    'drivers.let': 'Que también controle',
    'drivers.letName': 'Que {name} también controle',
    'drivers.letThem': 'Que también controle',
    'drivers.stop': 'Que no controle',
    'drivers.stopName': '{name}: que no controle',
    'drivers.person': 'también controla',
    'drivers.said.began': {
        one: '{names} también controla el escritorio.',
        other: '{names} también controlan el escritorio.',
    },
    'drivers.said.ended': {
        one: '{names} ya no controla el escritorio.',
        other: '{names} ya no controlan el escritorio.',
    },
};
