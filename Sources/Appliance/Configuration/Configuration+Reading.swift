internal import Access
internal import IO
internal import Logging
internal import RemoteControl
internal import Wire

extension Configuration {
    /// Reads flags, `environment` and the file at `path`, in this order of precedence; the first mistake is thrown.
    ///
    /// - Parameter flags: Values by key, e.g. `["http.port": "8443"]`.
    /// - Parameter path: A ``SettingsFile``.
    package static func load(
        flags: [String: String],
        file path: String?,
        environment: [String: String]
    ) async throws(ConfigurationError) -> Configuration {
        let read = ReadSettings(
            SettingSources(
                flags: flags.map { "\($0.key)=\($0.value)" },
                file: path,
                environment: environment,
                usual: nil
            )
        )
        guard let mistake = read.mistakes.first else { return read.configuration }
        throw ConfigurationError(
            key: mistake.key ?? "config",
            problem: mistake.key == nil ? mistake.description : mistake.problem
        )
    }

    /// - Throws: The first mistake; ``ReadSettings`` finds all.
    package init(reading values: SettingValues) throws(ConfigurationError) {
        self.init()
        host = values.text("http.host") ?? host
        port = try values.number("http.port", in: 0...65_535) ?? port
        origins = values.list("http.origins") ?? origins
        hosts = values.list("http.hosts") ?? hosts
        do throws(AllowedOrigins.Problem) {
            allowedOrigins = try AllowedOrigins(values.list("page.origins") ?? [])
        } catch {
            throw ConfigurationError(key: "page.origins", problem: "“\(error.text)” \(error.words)")
        }
        if let proxies = values.list("http.proxies") {
            guard let value = TrustedProxies(proxies) else {
                throw ConfigurationError(
                    key: "http.proxies",
                    problem: "“\(proxies.joined(separator: ","))” is not a list of addresses, or of networks "
                        + "such as 10.0.0.0/8"
                )
            }
            trustedProxies = value
        }
        certificatePath = values.text("tls.certificate")
        keyPath = values.text("tls.key")
        certificateDirectory = values.text("tls.directory")
        certificateNames = values.list("tls.names") ?? certificateNames
        front = try FrontSettings(
            reading: values,
            hasProxies: !trustedProxies.isEmpty,
            hasCertificate: certificatePath != nil
        )
        mediaPort = UInt16(try values.number("media.port", in: 0...65_535) ?? Int(mediaPort))
        announcedAddresses = values.list("media.addresses") ?? announcedAddresses
        resolvePeriod = try values.number("media.resolve", in: 1...86_400) ?? resolvePeriod
        width = try values.number("desk.width", in: 320...3_840) ?? width
        height = try values.number("desk.height", in: 240...2_160) ?? height
        screen = try ScreenSettings(reading: values)
        display = values.text("desk.display")
        sound = values.text("desk.sound")
        soundSource = values.text("desk.sound.source") ?? soundSource
        // Whether somebody else's server has such a sink only they can say.
        if sound != nil { peopleSink = nil }
        if let name = values.text("desk.sound.people") {
            guard name.utf8.count <= 64, name.utf8.allSatisfy(\.isOfSinkName), name != "desk" else {
                throw ConfigurationError(
                    key: "desk.sound.people",
                    problem: "“\(name)” is not 1 to 64 letters, digits, hyphens and underscores, or is “desk”"
                )
            }
            peopleSink = name == "off" ? nil : name
        }
        framesPerSecond = try values.number("desk.fps", in: 1...60) ?? framesPerSecond
        if let text = values.text("desk.capture") {
            guard let value = Capture(rawValue: text) else {
                throw ConfigurationError(key: "desk.capture", problem: "“\(text)” is not damage or ximagesrc")
            }
            capture = value
        }
        unmasked = try values.choice("desk.unmasked") ?? unmasked
        videoBitrate = try values.number("desk.bitrate", in: 100_000...100_000_000) ?? videoBitrate
        audioBitrate = try values.number("desk.audio.bitrate", in: 6_000...510_000) ?? audioBitrate
        if let text = values.text("camera.codec") {
            guard let value = CameraCodec(rawValue: text) else {
                let names = CameraCodec.allCases.map(\.rawValue).joined(separator: ", ")
                throw ConfigurationError(key: "camera.codec", problem: "“\(text)” is none of \(names)")
            }
            cameraCodec = value
        }
        repeatsMicrophones = try values.flag("microphone.redundancy") ?? repeatsMicrophones
        opensGL = try values.flag("desk.opengl") ?? opensGL
        windowManager = values.raw("desk.wm") ?? windowManager
        apps = values.list("desk.apps", separator: ";") ?? apps
        activities = try ActivitySettings(reading: values)
        deskUser = values.text("desk.user")
        programEnvironment = values.list("desk.environment") ?? programEnvironment
        if let text = values.text("desk.network") {
            guard let value = DeskNetwork(rawValue: text) else {
                throw ConfigurationError(key: "desk.network", problem: "“\(text)” is not all, others or none")
            }
            deskNetwork = value
        }
        if let text = values.text("desk.layout"), text != LayoutRequest.auto {
            guard let value = KeyboardLayout(name: text) else {
                let names = KeyboardLayout.allCases.map(\.name).joined(separator: ", ")
                throw ConfigurationError(
                    key: "desk.layout",
                    problem: "“\(text)” is neither auto nor one of \(names)"
                )
            }
            keyboardLayout = value
        }
        clipboard = try values.choice("clipboard.use") ?? clipboard
        clipboardBytes = try values.number("clipboard.bytes", in: 1_024...67_108_864) ?? clipboardBytes
        files = try FileSettings(reading: values)
        runtimeDirectory = values.text("runtime.dir")
        maximumPeople = try values.number("session.people", in: 1...500) ?? maximumPeople
        sharing = try values.number("session.sharing", in: 0...500) ?? sharing
        controlIdle = try values.number("control.idle", in: 0...3_600) ?? controlIdle
        control = try ControlPolicy(reading: values)
        logLevel = values.text("log.level") ?? logLevel
        access = try AccessSettings(reading: values)
        connections = try ConnectionSettings(reading: values)
        audit = try AuditSettings(reading: values)
        turn = try TURNSettings(reading: values)
        check = try CheckSettings(reading: values)
        outside = try OutsideSettings(reading: values)
        broadcast = try BroadcastSettings(reading: values)
        life = try LifeSettings(reading: values)
        memory = try MemorySettings(reading: values)
        apiSecret = values.text("api.secret")
        log = try LogSettings(reading: values)
        events = try EventSettings(reading: values)
        metrics = try MetricsSettings(reading: values)
        try validate()
    }

    private func validate() throws(ConfigurationError) {
        guard width.isMultiple(of: 2) else {
            throw ConfigurationError(key: "desk.width", problem: "\(width) is odd; video needs even sizes")
        }
        guard height.isMultiple(of: 2) else {
            throw ConfigurationError(key: "desk.height", problem: "\(height) is odd; video needs even sizes")
        }
        guard (certificatePath == nil) == (keyPath == nil) else {
            throw ConfigurationError(
                key: certificatePath == nil ? "tls.key" : "tls.certificate",
                problem:
                    "a certificate and its key belong together: set tls.certificate and tls.key, or neither"
            )
        }
        guard apiSecret.map({ $0.utf8.count >= TokenKey.shortestSecret }) ?? true else {
            throw ConfigurationError(
                key: "api.secret",
                problem:
                    "has less than \(TokenKey.shortestSecret) characters (openssl rand -hex 32 makes one)"
            )
        }
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ConfigurationError(
                key: "log.level",
                problem: "“\(logLevel)” is not a level; try info or debug"
            )
        }
        guard turn.isBuiltIn != true || usesTLS else {
            throw ConfigurationError(
                key: "turn.builtin",
                problem: "is TURN over the room's own TLS, and the room speaks plain HTTP"
            )
        }
        guard !turn.isOnly || !turn.urls.isEmpty || hasOwnTURN else {
            throw ConfigurationError(
                key: "turn.only",
                problem: "leaves no way for media: name servers in turn.urls, or set turn.builtin to on"
            )
        }
        for text in announcedAddresses where AnnouncedAddress(text) == nil {
            throw ConfigurationError(
                key: "media.addresses",
                problem: "“\(text)” is not an address, a name, stun:host:port or interfaces"
            )
        }
    }
}

extension UInt8 {
    /// Nothing that would be another argument of PulseAudio's.
    fileprivate var isOfSinkName: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
