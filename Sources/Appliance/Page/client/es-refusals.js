/** Spanish: what the room has not taken or has ended. `reason.…` is by the code that the room gives (reasons.js). */
export const esRefusals = {
    // Where all that is known is what it was about.
    'refused.any': 'La sala no aceptó lo que esta página pidió. Si continúa, cargue la página de nuevo.',
    'refused.chat': 'Su mensaje en el chat no se aceptó.',
    'refused.join': 'En este momento la sala no le permite entrar.',
    'refused.name': 'La sala no acepta este nombre. Elija otro.',
    'refused.publish': 'Su cámara o su micrófono no se envía a los demás.',
    'refused.publishOffer': 'No se pudieron conectar el control, la cámara y el micrófono.',
    'refused.requestControl': 'La sala no aceptó su solicitud de control.',
    'refused.subscribe': 'No se pudieron conectar el escritorio y las demás personas.',
    'refused.subscribeAnswer': 'No se pudieron conectar el escritorio y las demás personas.',
    'refused.restartSubscribe': 'No se pudieron conectar de nuevo el escritorio y las demás personas.',
    'refused.misunderstood': 'La sala no entiende a esta página. Si continúa, cargue la página de nuevo. ({reason})',

    // Coming in.
    'reason.nameEmpty': 'El nombre debe tener al menos un carácter visible.',
    'reason.nameHidden': 'El nombre tiene caracteres invisibles o que invierten el texto; escríbalo de nuevo.',
    'reason.nameMarks': 'El nombre tiene más acentos en una letra de los que se pueden mostrar.',
    'reason.nameTooLong': 'El nombre debe tener de 1 a 64 caracteres.',
    'reason.roomClosing': 'Esta sala se está cerrando y no admite a nadie más. Pregunte a quien le envió el enlace cómo '
        + 'continuar.',
    'reason.roomFull': 'La sala está llena.',
    'reason.tooManyFromAddress': 'Entraron demasiadas personas a la vez desde su red. Intente de nuevo en un momento.',
    'reason.mustBeLetIn': 'Alguien debe permitirle entrar. Intente de nuevo en un momento.',
    'reason.joinedAlready': 'Esta página ya entró en la sala.',
    'reason.notJoined': 'Primero entre en la sala.',
    'reason.notRecorded': 'En este momento nadie puede entrar: la sala no puede registrar quién entra. Avise a quien '
        + 'la administra.',
    'reason.tooManySharing': 'En la sala ya hay {most} personas que comparten la dirección de su red. Quien '
        + 'administra la sala puede permitir más (session.sharing).',

    // The link that somebody has opened.
    'reason.tokenBadClaim': 'Este enlace está mal hecho (“{claim}” falta o no se entiende). Avise a quien se lo envió.',
    'reason.tokenDamaged': 'Este enlace está incompleto o cambió en el camino. Ábralo de nuevo tal como se lo '
        + 'enviaron, o pida uno nuevo.',
    'reason.tokenTooLong': 'Este enlace está incompleto o cambió en el camino. Ábralo de nuevo tal como se lo '
        + 'enviaron, o pida uno nuevo.',
    'reason.tokenExpired': 'Este enlace ya venció. Pida uno nuevo a quien se lo envió.',
    'reason.tokenForged': 'Este enlace no es de nadie que esta sala conozca. Ábralo de nuevo tal como se lo '
        + 'enviaron, o pida uno nuevo.',
    'reason.tokenMissing': 'Esta sala se abre con un enlace propio. Abra el que le enviaron o pídalo.',
    'reason.tokenNotYetValid': 'Este enlace aún no es válido. Vuelva {when}.',
    'reason.tokenOtherAudience': 'Este enlace es de otro servicio. Pida uno para esta sala a quien se lo envió.',
    'reason.tokenOtherRoom': 'Este enlace es de otra sala. Busque el de esta sala o pídalo.',
    'reason.tokenSpent': 'Este enlace sirve una sola vez y ya se usó. Pida uno nuevo a quien se lo envió.',
    'reason.tokenSpentIsFull': 'Esta sala no acepta más enlaces de un solo uso. Pida otro tipo de enlace a quien '
        + 'se lo envió.',
    'reason.tokenTooManyTries': 'Hubo demasiados intentos con enlaces que no son válidos. Espere {wait} e intente '
        + 'de nuevo.',
    'reason.tokenWithdrawn': 'Este enlace se anuló. Pregunte qué hacer a quien se lo envió.',
    'reason.tokenUnknownKey': 'Este enlace no es de nadie que esta sala conozca. Ábralo de nuevo tal como se lo '
        + 'enviaron, o pida uno nuevo.',
    'reason.tokenUnsupported': 'Este enlace no es de nadie que esta sala conozca. Ábralo de nuevo tal como se lo '
        + 'enviaron, o pida uno nuevo.',
    'reason.tokenWrongAlgorithm': 'Este enlace no es de nadie que esta sala conozca. Ábralo de nuevo tal como se '
        + 'lo enviaron, o pida uno nuevo.',

    // What somebody in the room has done.
    'reason.removed': 'Le han retirado de esta sesión.',
    'reason.removedFor': 'Le han retirado de esta sesión: {reason}',
    'reason.sessionEnded': 'La sesión ha terminado. Puede cerrar esta página.',
    'reason.sessionEndedStopped': 'La sesión ha terminado porque la sala se ha cerrado. Puede cerrar esta página.',
    'reason.sessionEndedTime': 'El tiempo de esta sesión ha terminado. Puede cerrar esta página.',
    'reason.turnedAway': 'En este momento no se le permite entrar.',
    'reason.turnedAwayFor': 'En este momento no se le permite entrar: {reason}',
    'reason.beyondYourRights': 'No puede dar un permiso que usted no tiene.',
    'reason.lastWithRight': 'En la sala tiene que quedar alguien que pueda dejar entrar y cambiar permisos.',
    'reason.lineTooLong': 'Es demasiado largo: como máximo 300 caracteres.',
    'reason.noPlaceToAdmit': 'No queda lugar en la sala.',
    'reason.notYourself': 'No puede hacerse esto a sí mismo.',
    'reason.onlyClinicians': 'Solo un profesional puede hacer esto a un profesional.',
    'reason.personNotThere': 'Esta persona ya no está.',

    // What this person has no right to.
    'reason.mayNot': 'En esta sala usted no tiene permiso para hacer esto.',
    'reason.mayNotArrange': 'En esta sala usted no puede cambiar la disposición del escritorio.',
    'reason.mayNotChat': 'En esta sala usted puede leer el chat, pero no escribir en él.',
    'reason.mayNotControl': 'En esta sala usted puede mirar el escritorio, pero no controlarlo.',
    'reason.mayNotGrant': 'En esta sala usted no puede dar el control a otra persona.',
    'reason.mayNotHear': 'En esta sala usted no puede oír a los demás.',
    'reason.mayNotLetHear': 'En esta sala usted no puede elegir a quién oyen los programas del escritorio.',
    'reason.mayNotMask': 'En esta sala usted no puede ocultar nada del escritorio.',
    'reason.mayNotSee': 'En esta sala usted no puede ver a los demás.',
    'reason.mayNotWatchOutside': 'No puede ver el escritorio con otro programa que la página de la sala (permiso watchOutside).',
    'reason.mayNotPublishOutside': 'No puede enviar con otro programa que la página de la sala (permiso publishOutside).',
    'reason.mayNotSpeak': 'En esta sala usted no puede enviar su micrófono.',
    'reason.mayNotShow': 'En esta sala usted no puede enviar su cámara.',

    // Control.
    'reason.controlAsked': '{name} tiene el control y ya sabe que usted lo pide.',
    'reason.controlKept': '{name} quiere conservar el control por ahora.',
    'reason.controlUnavailable': 'En este momento no se puede dar el control a nadie.',
    'reason.controlInTurns': 'Por ahora el control va por turnos, y este no es el suyo.',
    'reason.turnsNobodyElse': 'No hay otra persona a quien le pueda tocar.',
    'reason.turnsNotOn': 'En este momento nadie va por turnos.',
    'reason.turnsTooFew': 'Para ir por turnos hacen falta dos personas presentes que puedan usar el escritorio.',
    'reason.controlIdle': 'El control pasó a otra persona: usted no hizo nada por un rato.',
    'reason.controlRevoked': 'Usted ya no puede controlar el escritorio.',
    'reason.controlAskedClinician': 'Se avisó a quienes pueden dar el control que usted lo pide.',
    'reason.controlAskedConsent': 'Primero se pide permiso al paciente.',
    'reason.controlAskedOf': 'Se avisó a {name} que usted pide el control.',
    'reason.controlConsentWithdrawn': 'El paciente retiró su permiso.',
    'reason.controlDeclined': '{name} dijo que no por ahora.',
    'reason.controlDeskRestarted': 'El escritorio se inició de nuevo. Vuelva a pedir el control.',
    'reason.controlLocked': 'Por ahora a usted le toca mirar.',
    'reason.controlNoConsent': 'No hay permiso para que usted controle el escritorio.',
    'reason.controlNotToThem': 'En este momento no se le puede dar el control a esta persona.',
    'reason.controlTakenBack': 'Se le retiró el control.',
    'reason.controlNoHandFree': 'Ya controla a la vez el máximo de personas.',
    'reason.controlTimeIsUp': 'Se terminó su tiempo con el control.',

    // Chat.
    'reason.chatEmpty': 'En su mensaje no había nada visible.',
    'reason.chatTooLong': 'Su mensaje es demasiado largo. Acórtelo o envíelo por partes.',
    'reason.chatNotText': 'Su mensaje no era texto.',
    'reason.chatTooFast': 'Fueron demasiados mensajes a la vez. Espere un momento.',

    'reason.roomStopping': 'La sala se está cerrando: la sesión termina {when}.',
    'reason.timeAlmostOver': 'El tiempo de esta sesión casi ha terminado: acaba {when}.',
    'reason.auditFails': 'En este momento no se puede registrar lo que ocurre en esta sala. Mientras tanto no entra '
        + 'nadie más.',

    // Media.
    'reason.noVideoDecoder': 'Este navegador no puede mostrar el escritorio: no descodifica ni H.264 ni VP8.',
    'reason.oneMicrophone': 'La sala acepta un micrófono por persona.',
    'reason.oneCamera': 'La sala acepta una cámara por persona.',
    'reason.microphoneNotTaken': 'No se puede enviar su micrófono: la sala no lo acepta en la forma en que se ofrece.',
    'reason.cameraNotTaken': 'No se puede enviar su cámara: la sala no la acepta en la forma en que se ofrece.',
    'reason.tooMuchSent': 'Su cámara o su micrófono envía más de lo que la sala transmite, y una parte se pierde. '
        + 'Apáguelo y enciéndalo de nuevo.',
    'reason.connectionFailed': 'La sala no pudo establecer su conexión. Cargue la página de nuevo.',

    // The desk.
    'reason.layoutFailed': 'El escritorio no puede tener esa distribución de teclado y conserva la que tiene.',
    'reason.cannotHide': 'De este escritorio no se puede ocultar nada, por la forma en que se captura. '
        + 'Quien dirige la sala puede cambiarlo (desk.capture).',
    'reason.activitiesTooFast': 'Han sido demasiadas peticiones a la vez. Espere un momento.',
    'reason.activitiesTooMany': 'Ya hay {most} actividades en marcha. Cierre antes una de ellas.',
    'reason.activityUnknown': 'Aquí no existe esa actividad.',
    'reason.deskBeingReset': 'El escritorio se está restableciendo. Vuelve por sí solo.',
    'reason.deskHearsNobody': 'En esta sala los programas del escritorio no pueden oír a nadie. Quien administra la sala '
        + 'puede cambiarlo (desk.sound.people).',
    'reason.deskHearsOnlyOpen': 'Los programas del escritorio solo pueden oír a quienes tienen el micrófono encendido.',
    'reason.deskHearsTooMany': 'Los programas del escritorio pueden oír a {most} personas a la vez.',
    'reason.deskStarting': 'El escritorio se está iniciando.',
    'reason.deskStopped': 'El escritorio se detuvo y se está iniciando de nuevo.',
    'reason.screenLost': 'La pantalla del escritorio desapareció y se está iniciando de nuevo.',
    'reason.screenMissing': 'La pantalla del escritorio aún no está lista.',
    'reason.screenUnsuitable': 'A la pantalla del escritorio le falta algo para poder compartirla.',
    'reason.screenFormat': 'La pantalla del escritorio tiene un formato que no se puede compartir.',
    'reason.sizeFixed': 'El tamaño de este escritorio no se puede cambiar.',
    'reason.sizeOutOfRange': 'El escritorio puede medir de 320 × 240 a {size} píxeles.',
    'reason.sizeRefused': 'La pantalla del escritorio no ha aceptado este tamaño. Sigue como estaba.',
    'reason.soundLost': 'Hay imagen; el sonido del escritorio se perdió y se está iniciando de nuevo.',
    'reason.soundMissing': 'Hay imagen; el sonido del escritorio aún no está listo.',
    'reason.encoderMissing': 'El escritorio no se puede compartir: su codificador de video no está instalado.',
    'reason.encoderFailed': 'El codificador de video del escritorio falló y se está iniciando de nuevo.',
};
