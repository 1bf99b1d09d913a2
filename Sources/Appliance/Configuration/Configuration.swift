package import RemoteControl

/// Everything that can be set about one room, parsed and validated once; nobody else reads a setting.
///
/// A key such as `http.port` is the environment variable `DESKROOM_HTTP_PORT`, also as a line of the file
/// given by `--config`. A flag wins over the environment, the environment over the file, the file over the
/// default.
package struct Configuration: Hashable, Sendable {
    /// `http.host`: the address or name to listen on; default 127.0.0.1.
    ///
    /// Anything but localhost is served by HTTPS.
    package var host = "127.0.0.1"
    /// `http.port`: TCP port, 0 to 65,535; 0 lets the system choose; default 8080.
    package var port = 8080
    /// `http.origins`: further origins, separated by commas, that pages may come from, such as a reverse
    /// proxy's.
    package var origins: [String] = []
    /// `page.origins`: origins of other sites, separated by commas, whose pages may use the room: show it in a frame, load its
    /// library (`/client/`) and open its WebSocket; default none.
    package var allowedOrigins = AllowedOrigins()
    /// `http.hosts`: further host names, separated by commas, by which pages reach the room over plain HTTP.
    ///
    /// Known are localhost, every address, `http.host`, `tls.names` and the hosts of `http.origins`; requests for
    /// other names are refused, since a page of another site may have its name lead here (DNS rebinding).
    package var hosts: [String] = []
    /// `http.proxies`: addresses or networks, separated by commas, of reverse proxies whose word for where
    /// people come from is taken (``FrontSettings``); default none.
    package var trustedProxies = TrustedProxies()
    /// `http.…`: what is in front of the room's own port.
    package var front = FrontSettings()
    /// `tls.certificate`: path of a PEM file with the certificate chain; default: one made at start.
    package var certificatePath: String?
    /// `tls.key`: path of the PEM file with its private key.
    package var keyPath: String?
    /// `tls.names`: further host names and addresses, separated by commas, for the certificate made at start.
    package var certificateNames: [String] = []
    /// `tls.directory`: where the certificate that the room makes for itself is kept from start to start, and its key.
    ///
    /// Default: the state directory of the service or the user, or the user's runtime directory, where programs on the desk
    /// cannot read it; else it is not kept (``KeptCertificate``).
    package var certificateDirectory: String?
    /// `media.port`: the UDP port of all browsers, 0 to 65,535; 0 lets the system choose; default 40000.
    package var mediaPort: UInt16 = 40_000
    /// `media.addresses`: where browsers reach the media port, separated by commas (``AnnouncedAddress``).
    ///
    /// Default: the addresses of the network interfaces, and loopback when serving localhost.
    package var announcedAddresses: [String] = []
    /// `media.resolve`: seconds between two looks at what names among them mean, 1 to 86,400; default 30.
    package var resolvePeriod = 30
    /// `desk.width`, `desk.height`: pixels, even, 320 to 3,840 and 240 to 2,160; default 1920×1080.
    package var width = 1_920
    package var height = 1_080
    /// `screen.…`.
    package var screen = ScreenSettings()
    /// `desk.display`: attach to this X display instead of starting one, such as `:0`.
    package var display: String?
    /// `desk.sound`: attach to this PulseAudio server instead of starting one, such as
    /// `unix:/run/pulse/native`.
    package var sound: String?
    /// `desk.sound.source`: the PulseAudio source to send; default `desk.monitor`.
    package var soundSource = "desk.monitor"
    /// `desk.sound.people`: the PulseAudio sink into which the microphones of people are played whom the desk's programs are to hear:
    /// 1 to 64 letters, digits, `-` and `_`, or `off`; default `people`, and `off` with ``sound``.
    package var peopleSink: String? = "people"
    /// `desk.fps`: most frames a second, 1 to 60; default 30.
    package var framesPerSecond = 30
    /// `desk.capture`: `damage` or `ximagesrc`; default `damage`.
    package var capture = Capture.damage
    /// `desk.unmasked`: who sees the desk as it is while something of it is hidden from others: `clinicians` or `nobody`;
    /// default `clinicians`.
    package var unmasked = Unmasked.clinicians
    /// `desk.bitrate`: most bits a second of desk video, 100,000 to 100,000,000; default 5,000,000.
    package var videoBitrate = 5_000_000
    /// `desk.audio.bitrate`: bits a second of desk sound, 6,000 to 510,000; default 96,000.
    package var audioBitrate = 96_000
    /// `camera.codec`: in which codec cameras are sent: `vp8`, `h264`, `vp9` or `av1`; default `vp8`.
    ///
    /// A browser that cannot do that sends VP8.
    package var cameraCodec = CameraCodec.vp8
    /// `microphone.redundancy`: whether sound from microphones is sent twice (RFC 2198): `on` or `off`; default
    /// `off`.
    package var repeatsMicrophones = false
    /// `desk.opengl`: whether programs on the desk can draw by OpenGL; default `off`.
    package var opensGL = false
    /// `desk.wm`: command of the window manager; empty for none; default `openbox`.
    package var windowManager = "openbox"
    /// `desk.apps`: shell commands, separated by semicolons, that run on the desk and are started again when
    /// they end.
    package var apps: [String] = []
    /// `desk.shelf`, `desk.home`, `desk.skeleton`: what may be started from the page, and what is new after the desk was reset.
    package var activities = ActivitySettings()
    /// `desk.user`: the user as whom everything on the desk runs, by name; only root, or who has the capabilities, can set
    /// it; default: the room's own.
    package var deskUser: String?
    /// `desk.environment`: further variables, separated by commas, that programs on the desk get to see of the room's
    /// environment.
    ///
    /// One that ends with `*` stands for all that begin so.
    package var programEnvironment: [String] = []
    /// `desk.network`: what programs on the desk can connect to: `all`; `others`, everything but the room's own TCP port, where
    /// the kernel can tell (landlock 4); or `none`, Unix sockets only.
    ///
    /// Default: `others`, or `all` if that port is 80 or 443, which programs need to reach other machines.
    package var deskNetwork: DeskNetwork?
    /// `clipboard.use`: what crosses between the desk's clipboard and people's, for those who have the right: `off`, `in` (onto the
    /// desk), `out` (from the desk) or `both`; default `both`.
    package var clipboard = ClipboardUse.both
    /// `clipboard.bytes`: most bytes of one copy in all its flavours, 1,024 to 67,108,864; default 8,388,608.
    package var clipboardBytes = 8_388_608
    /// `files.…`: the folder on the desk that people put files into and take them from.
    package var files = FileSettings()
    /// `desk.layout`: the desk's keyboard layout when it starts, one of ``KeyboardLayout``; default `nil`, `auto`: that of whoever
    /// drives, if they have the right `arrange` and their browser tells.
    package var keyboardLayout: KeyboardLayout?
    /// `runtime.dir`: directory for sockets, made if it is missing.
    ///
    /// Default: a fresh one under `$XDG_RUNTIME_DIR` or /tmp.
    package var runtimeDirectory: String?
    /// `session.people`: most people in the room, 1 to 500; default 50.
    package var maximumPeople = 50
    /// `session.sharing`: most people from one network address, 0 to 500; 0, the default: half of
    /// `session.people`, at least 16.
    ///
    /// People behind one router or proxy have one address together (see `http.proxies`).
    package var sharing = 0
    /// `control.idle`: seconds after which a holder of control who does nothing loses it to somebody who asks, 0
    /// to 3,600; 0: never; default 120.
    package var controlIdle = 120
    /// `control.ask`: who answers somebody that asks for control while another one has it: `holder`, `clinician` (whoever
    /// may give it) or `both`; default `holder`.
    ///
    /// `control.free`: what somebody gets who asks while nobody has it: `take` it, or `ask` whoever may give it; default `take`.
    /// `control.consent`: whose consent is needed before somebody else drives: `none` or `client`; default `none`.
    /// `control.hands`: how many people may drive at once, 1 to 4; default 1.
    /// `control.limit`: seconds for which those have control who may not give it, 0 or 10 to 86,400; 0, the default:
    /// without an end. `control.timeout`: seconds after which no answer is a No, 5 to 300; default 30.
    package var control = ControlPolicy()
    /// `log.level`: trace, debug, info, notice, warning, error or critical; default info.
    package var logLevel = "info"
    /// `access.…`, `rights.…` and `room.name`: who may come in, and as what.
    package var access = AccessSettings()
    /// `media.tcp`, `media.tcp.ports`: media over TCP.
    package var connections = ConnectionSettings()
    /// `audit.…`: what is recorded, and where.
    package var audit = AuditSettings()
    /// `turn.…`: servers that browsers may reach the media through.
    package var turn = TURNSettings()
    /// `check.…`: the page to test devices and connection on.
    package var check = CheckSettings()
    /// `outside.…`: who may come by something else than the room's page.
    package var outside = OutsideSettings()
    /// `broadcast.…`: whether programs may come by mediasoup-demo's broadcaster API.
    package var broadcast = BroadcastSettings()
    /// `desk.app.…`: what each activity may use.
    package var memory = MemorySettings()
    /// `life.…`: when the room ends, and how.
    package var life = LifeSettings()
    /// `api.secret`: a secret of at least 32 characters by which the clinic's back end uses the HTTP API; default: only by
    /// tokens with the scope `admin`.
    ///
    /// `api.secret.file`: a file that holds it, instead (``SecretFile``).
    package var apiSecret: String?
    /// What the room tells of itself, and to whom.
    package var log = LogSettings(), events = EventSettings(), metrics = MetricsSettings()

    package enum CameraCodec: String, CaseIterable, Encodable, Hashable, Sendable {
        case vp8, h264, vp9, av1
    }
    package enum Capture: String, Hashable, Sendable { case damage, ximagesrc }

    package enum Unmasked: String, CaseIterable, Hashable, Sendable { case clinicians, nobody }

    package enum ClipboardUse: String, CaseIterable, Hashable, Sendable { case off, `in`, out, both }

    package enum DeskNetwork: String, CaseIterable, Hashable, Sendable { case all, others, none }

    package init() {}

    /// People from one network address.
    package var maximumSharing: Int {
        min(maximumPeople, sharing == 0 ? max(16, maximumPeople / 2) : sharing)
    }

    /// Whether the page is served to this machine only, where browsers trust plain HTTP.
    package var isLocal: Bool { ["127.0.0.1", "::1", "localhost"].contains(host) }
    /// Whether the room is a TURN server for its own media: only for those who come to its own TLS, through whatever passes that on
    /// as it is.
    package var hasOwnTURN: Bool {
        turn.isBuiltIn ?? (usesTLS && (trustedProxies.isEmpty || front.hasProxyHeader))
    }
    package var usesTLS: Bool { front.tls == .auto && (!isLocal || certificatePath != nil) }
}
